"""Every sentence a person reads, in the reader's language.

Source language is English. ``_("…")`` looks the sentence up in the catalogue of
the language in force; ``name`` looks up a proper name of the sample chain.
"""

from playbook.text.catalogue import (
    LANGUAGES,
    gettext,
    in_language,
    language,
    name,
    ngettext,
    pgettext,
    use_language,
)

_ = gettext

__all__ = [
    "LANGUAGES",
    "_",
    "gettext",
    "in_language",
    "language",
    "name",
    "ngettext",
    "pgettext",
    "use_language",
]

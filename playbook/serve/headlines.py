"""The newest result of a step in one sentence, in the reader's language."""

from __future__ import annotations

import logging
from functools import lru_cache

from playbook.engagement.record import Event
from playbook.engagement.results import Results, provenance_of
from playbook.errors import PlaybookError
from playbook.serve.site import Site, Step
from playbook.text import in_language, language

LOG = logging.getLogger("playbook.serve")
KEPT = 400
# The answer to a step's question, where it is not the first result that the step hands on.
ANSWERS = (
    "playbook.strategy.thesis:Verdict",
    "playbook.customers.policy:WhoGetsWhat",
    "playbook.pilot.verdict:Verdict",
    "playbook.scaling.tracking:Tracking",
)


def headline_of(site: Site, step: Step) -> str:
    """What the step found, or the empty string where it has handed on nothing."""
    event = newest(site, step)
    if event is None:
        return ""
    return _headline(site.engagement.results, _Once(event), site.engagement.currency, language())


def newest(site: Site, step: Step) -> Event | None:
    """The answer among the results that a step handed on last; else the first of them.

    What was handed on together bears the same provenance.
    """
    own = [e for e in site.engagement.results.all() if provenance_of(e).step == step.id]
    if not own:
        return None
    last = max(own, key=lambda event: event.seq)
    together = [e for e in own if provenance_of(e) == provenance_of(last)]
    answers = [e for e in together if e.stream.partition("/")[2] in ANSWERS]
    return min(answers or together, key=lambda event: event.seq)


class _Once:
    """An event as the key of a cache: its number names it."""

    def __init__(self, event: Event) -> None:
        self.event = event

    def __hash__(self) -> int:
        return hash(self.event.seq)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Once) and other.event.seq == self.event.seq


@lru_cache(maxsize=KEPT)
def _headline(results: Results, once: _Once, currency: str, lang: str) -> str:
    """The sentence of a stored result; a result that cannot be read has none."""
    from playbook.text import numbers

    numbers.use_currency(currency)
    try:
        with in_language(lang):
            return str(results.opened(once.event).result.headline)
    except PlaybookError:
        return ""
    except Exception:
        LOG.exception("The headline of %s cannot be told", once.event.stream)
        return ""

"""The secret that an import needs, looked up outside the engagement it is for."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from playbook.data.pseudonyms import Secret
    from playbook.data.request import Options
    from playbook.engagement import Engagement


def secret_for(engagement: Engagement, options: Options) -> Secret | None:
    """The secret with which ids of this import become pseudonyms, or nothing where none do.

    Raises:
        PlaybookError: It is not there, or is another one than that of the tables there.
    """
    from playbook.data.private_state import Earlier
    from playbook.data.pseudonyms import Secret
    from playbook.engagement import salt

    if not (options.pseudonymise or options.hash_columns):
        return None
    earlier = Earlier.of(engagement.data_folder, options.table)
    wanted = earlier.last_secret

    def is_right(key: bytes) -> bool:
        return Secret(key).fingerprint == wanted

    key = salt.secret(
        engagement.folder,
        is_right=is_right if wanted else None,
        may_renew=options.replace and not earlier.secret,
    )
    return Secret(key)

"""The rate of return, where one exists."""

from __future__ import annotations

from collections.abc import Sequence

from playbook.errors import PlaybookError
from playbook.stats.cashflow import rates_of_return
from playbook.text import gettext as _
from playbook.text.numbers import percent


def irr(flows: Sequence[float]) -> float:
    """The rate of return of a flow that has exactly one, year 0 first.

    Raises:
        PlaybookError: Several rates, or none, set the flow to zero; every one is named.
    """
    rates = rates_of_return(flows)
    if len(rates) == 1:
        return rates[0]
    instead = _("Decide by net present value, or show the modified rate (MIRR).")
    if rates:
        raise PlaybookError(several_rates(rates), advice=instead)
    raise PlaybookError(_("No rate of return sets this cash flow to zero."), advice=instead)


def several_rates(rates: Sequence[float]) -> str:
    """The sentence that names every rate at which a flow is worth nothing."""
    listed = _(" and ").join(percent(rate) for rate in rates)
    words = _(
        "The cash flow changes its sign more than once: {rates} all set it to zero, so there is "
        "no single rate of return."
    )
    return words.format(rates=listed)

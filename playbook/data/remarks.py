"""What stands out in the receipts of a company and must be known before they are used."""

from __future__ import annotations

from playbook.data.facts import FEW_WEEKS, Facts
from playbook.text import gettext as _
from playbook.text import ngettext
from playbook.text.numbers import date, money, number, percent

MANY_ANONYMOUS_SHARE = 0.5


def about_facts(facts: Facts) -> list[str]:
    """What stands out in the receipts."""
    lines = []
    if facts.n_returns:
        words = ngettext(
            "{n} receipt is a return, {money} in all; a return is no visit.",
            "{n} receipts are returns, {money} in all; a return is no visit.",
            facts.n_returns,
        )
        lines.append(words.format(n=number(facts.n_returns), money=money(facts.returned)))
    if facts.n_zero:
        words = ngettext(
            "{n} receipt has a sum of 0; it counts neither as a visit nor as a return.",
            "{n} receipts have a sum of 0; they count neither as visits nor as returns.",
            facts.n_zero,
        )
        lines.append(words.format(n=number(facts.n_zero)))
    if facts.n_anonymous:
        share = facts.n_anonymous / facts.n_purchases
        words = _("{share} of the purchases came without a customer; they count in money only.")
        lines.append(words.format(share=percent(share, 1)))
        if share > MANY_ANONYMOUS_SHARE:
            lines.append(
                _("Most purchases are anonymous: customers stand for a part of the trade.")
            )
    return [*lines, *_about_time(facts)]


def _about_time(facts: Facts) -> list[str]:
    lines = []
    if facts.n_without_time == facts.n_receipts:
        lines.append(_("The receipts have dates without a time of day."))
    if facts.n_empty_days == 1:
        lines.append(_("There is no receipt on {day}.").format(day=date(facts.gap_from)))
    elif facts.gap_from:
        words = ngettext(
            "{n} day has no receipt; the longest gap is {gap} from {day}.",
            "{n} days have no receipt; the longest gap is {gap} from {day}.",
            facts.n_empty_days,
        )
        gap = ngettext("{n} day", "{n} days", facts.longest_gap_days)
        lines.append(
            words.format(
                n=number(facts.n_empty_days),
                gap=gap.format(n=number(facts.longest_gap_days)),
                day=date(facts.gap_from),
            )
        )
    if facts.n_short_stores:
        more = ", …" if facts.n_short_stores > len(facts.short_stores) else ""
        words = ngettext(
            "{n} store has receipts in fewer than {weeks} weeks: {stores}.",
            "{n} stores have receipts in fewer than {weeks} weeks: {stores}.",
            facts.n_short_stores,
        )
        lines.append(
            words.format(
                n=number(facts.n_short_stores),
                weeks=FEW_WEEKS,
                stores=", ".join(facts.short_stores) + more,
            )
        )
    return lines

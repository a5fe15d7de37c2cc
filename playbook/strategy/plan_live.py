"""The plan with sliders: how many initiatives go on, and which week is promised."""

from __future__ import annotations

from functools import cache

from playbook.display import html
from playbook.display.frequency import cases
from playbook.display.html import Figure
from playbook.display.live import Live, Slider
from playbook.strategy.initiatives import Initiatives
from playbook.strategy.roadmap import Roadmap, for_initiatives
from playbook.strategy.shortlist import Shortlist, shortlist
from playbook.strategy.timing import Timing, timing
from playbook.text import gettext as _
from playbook.text import numbers

_EARLIER, _LATER = 6, 8


def plan_live(
    document: Initiatives, roadmap: Roadmap, *, keep: int, widening: float = 1.0, seed: int
) -> Live:
    """The chance of a promise, with sliders for the number of initiatives and the week.

    Args:
        document: The initiatives and the ballots.
        roadmap: The whole plan; tasks of initiatives that are not kept fall away.
        keep: How many initiatives are kept at first.
        widening: The room's widening factor.
        seed: Same seed, same draws.
    """

    @cache
    def chosen(n: int) -> Shortlist:
        return shortlist(document, keep=n, widening=widening, seed=seed)

    @cache
    def planned(kept: tuple[str, ...]) -> Timing:
        return timing(for_initiatives(roadmap, kept), widening=widening, seed=seed)

    def answer(*, kept: float, weeks: float) -> str:
        short = chosen(round(kept))
        plan = planned(short.kept)
        share = plan.kept_share(weeks)
        words = _("With {kept} of {n} initiatives {weeks} weeks hold in {share} of 100 cases.")
        told = words.format(
            kept=numbers.number(len(short.kept)),
            n=numbers.number(len(document.initiatives)),
            weeks=numbers.number(weeks),
            share=numbers.number(100 * share),
        )
        return (
            html.headline(told)
            + html.figures(_figures(short, plan))
            + cases(share, good=_("done in time"), bad=_("late"))
        )

    promised = roadmap.promised_weeks
    n = len(document.initiatives)
    return Live(
        answer,
        {
            "kept": Slider(_("Initiatives kept"), min(keep, n), 1, n, 1, "count"),
            "weeks": Slider(
                _("Promised week"),
                promised,
                max(1.0, promised - _EARLIER),
                promised + _LATER,
                1,
                "count",
            ),
        },
    )


def _figures(short: Shortlist, plan: Timing) -> list[Figure]:
    kept = short.table[short.table["is_kept"]]
    weeks = _("{n} weeks")
    safe = weeks.format(n=numbers.number(plan.safe_weeks, 1))
    wide = weeks.format(n=numbers.number(plan.safe_weeks_wide, 1))
    found = [
        Figure(_("In 4 cases of 5 within"), safe, numbers.date(plan.day(plan.safe_weeks))),
        Figure(_("With the room's wider ranges"), wide),
        Figure(_("Effort"), numbers.number(float(kept["effort"].sum())), _("person-months")),
    ]
    if kept["gain"].notna().all():
        gain = numbers.money_short(float(kept["gain"].sum()), signed=True)
        found.append(Figure(_("Money a year"), gain, _("by the analyst's estimates")))
    shakiest = numbers.percent(float(kept["top_share"].min()))
    found.append(Figure(_("Shakiest choice"), shakiest, _("of redraws keep it on the list")))
    return found

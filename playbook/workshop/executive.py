"""The parts of the dashboard below its first screen, each an answer or what it waits for."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from html import escape
from typing import Any

import pandas as pd

from playbook.display import frequency, html, theme
from playbook.display.chart import Chart
from playbook.display.charts.verdict import readings
from playbook.display.html import Html
from playbook.display.live import Live
from playbook.display.tables import Column, table
from playbook.engagement.decisions import Decided
from playbook.strategy.business_case import Outlook
from playbook.text import gettext as _
from playbook.text import name, ngettext, numbers
from playbook.text.numbers import money_short
from playbook.workshop.board import Board, gap, row_of
from playbook.workshop.levers import Levers
from playbook.workshop.reading import read

__all__ = ["decisions", "levers", "moved", "pilot", "read", "segments", "waves"]


def moved(board: Board) -> Chart | Html:
    """What moved the value: belief before, measurement, corrections."""
    if board.outlook is None:
        return gap(_("The value model is not filled in: nothing can be said about money."))
    if board.verdict is None:
        return _before_the_pilot(board, board.outlook.result)
    rows = [
        (_("before the pilot"), row_of(board.outlook.result), theme.QUIET),
        (_("after the pilot, as designed"), board.reading("designed"), theme.ACQUIRED),
        (_("with the corrections"), board.reading("adjusted"), theme.KEPT),
    ]
    frame = pd.DataFrame([{"label": label, "hue": hue, **row} for label, row, hue in rows])
    title = _("Measuring and correcting moved the value from {before} to {after}")
    return readings(
        frame,
        category="label",
        value="mean",
        low="p5",
        high="p95",
        share="p_gain",
        hue="hue",
        title=title.format(
            before=money_short(float(frame["mean"].iloc[0]), signed=True),
            after=money_short(float(frame["mean"].iloc[-1]), signed=True),
        ),
        subtitle=_("Net present value, expected and in 9 of 10 cases, with how often it pays"),
    )


def _before_the_pilot(board: Board, outlook: Outlook) -> Html:
    """The belief alone, and that nothing has moved it yet."""
    reach = max(abs(outlook.p5), abs(outlook.p95)) * 1.2
    bar = frequency.spread(
        outlook.p5,
        outlook.mean,
        outlook.p95,
        span=(-reach, reach),
        write=money_short,
        label=_("Value before the pilot"),
    )
    return Html(bar) + board.not_yet("08", _("nothing has moved the value so far"))


def levers(board: Board) -> Live | Html:
    """The value that follows three sliders, from what is known of the effect so far."""
    if board.model is None:
        return gap(_("The value model is not filled in: there is nothing to move."))
    if board.verdict is None:
        belief = board.model.effect
        return Levers(model=board.model, effect_mean=belief.mean, effect_sd=belief.sd).live()
    known = board.verdict.result
    return Levers(
        model=board.model,
        effect_mean=known.mean,
        effect_sd=known.sd,
        changes=board.review.changes if board.review else (),
    ).live()


def pilot(board: Board) -> Html:
    """The pilot's effect with its interval, and the verdict in words."""
    if board.effect is None:
        return board.not_yet("08", _("the pilot's effect is not known"))
    shown = html.headline(board.effect.result.headline)
    if board.verdict:
        found = board.verdict.result
        shown += f"<p>{escape(found.headline)}</p>" + html.figures(found.figures)
        shown += "".join(f'<p class="warn">{escape(line)}</p>' for line in found.warnings)
    return Html(
        shown + board.origins({_("Effect in the pilot"): board.effect, _("Verdict"): board.verdict})
    )


def segments(board: Board) -> Html:
    """Worth of every segment, and what the pilot did for it."""
    if board.equity is None:
        return board.not_yet("03", _("the segments are not known"))
    found = board.equity.result
    frame, columns = found.to_frame(), found.columns()
    shown = {"name": columns["name"]}
    sentence = found.headline
    if board.by_segment:
        effects = board.by_segment.result.table.set_index("segment")["att"]
        frame = frame.assign(att=frame["segment"].map(effects))
        shown["att"] = Column(_("Effect in the pilot"), "points", 1)
        sentence += " " + board.by_segment.result.headline
    wanted = ("retention", "value", "n_customers", "equity")
    shown |= {key: columns[key] for key in wanted if key in columns}
    told = html.headline(sentence) + table(frame, shown)
    sources = {
        _("Worth of the segments"): board.equity,
        _("Effect by segment"): board.by_segment,
    }
    return Html(told + board.origins(sources))


def waves(board: Board) -> Html:
    """The waves, what they have brought so far, and what comes next."""
    if board.waves is None:
        return board.not_yet("10", _("the waves are not planned"))
    plan = board.waves.result
    columns = plan.columns()
    wanted = ("wave", "start", "n_stores", "n_people", "training_weeks")
    shown = html.headline(plan.headline)
    shown += table(plan.to_frame(), {key: columns[key] for key in wanted if key in columns})
    if board.wave_effect:
        shown += html.headline(board.wave_effect.result.headline)
        shown += html.figures(board.wave_effect.result.figures)
    shown += _next(board)
    sources = {
        _("Plan of the waves"): board.waves,
        _("Effect of the waves"): board.wave_effect,
        _("Signals"): board.tracking,
    }
    return Html(shown + board.origins(sources))


def _next(board: Board) -> str:
    """What the signals of the rollout ask for."""
    if board.tracking is None:
        return board.not_yet("11", _("no signal of the rollout has been read")).markup
    found = board.tracking.result
    signals = "".join(_signal(row) for row in found.to_frame().to_dict("records"))
    return html.headline(found.headline) + signals


def _signal(row: Mapping[Any, Any]) -> str:
    """A signal in two lines: where and what was seen, then what happens and who decides."""
    first = _("{where}: {signal}. {evidence}").format(
        where=row["where"], signal=row["signal"], evidence=row["evidence"]
    )
    second = _("Back to stage {stage}. {what} {who} decides.").format(
        stage=row["back_to"], what=name(row["what_then"]), who=name(row["owner"])
    )
    return f'<p class="taken">{escape(first)}<br><span class="quiet">{escape(second)}</span></p>'


def decisions(board: Board) -> Html:
    """What is open, then what was decided, by whom, when and why."""
    lines = list(_open(board))
    words = ngettext("{n} decision is open.", "{n} decisions are open.", len(lines))
    sentence = words.format(n=numbers.number(len(lines))) if lines else _("No decision is open.")
    told = html.headline(sentence) + html.bullets(lines, "open") + _silent(board)
    return Html(told + "".join(_taken(board, one) for one in board.decided))


def _silent(board: Board) -> str:
    """That steps which have not run have not asked anything yet."""
    if all(found.state != "new" for _step, found in board.steps):
        return ""
    words = _("Steps that have not run yet have not asked their questions.")
    return f'<p class="quiet">{escape(words)}</p>'


def _open(board: Board) -> Iterator[str]:
    """The decisions that pages have asked for and nobody has taken."""
    taken = {one.decision.key for one in board.decided}
    for step, found in board.steps:
        asked = [key.partition("/")[2] for key in found.reads if key.startswith("decision/")]
        for key in asked:
            if key.startswith(f"{step.number}.") and key not in taken:
                words = _("{number} {title}: its page asks the question")
                yield words.format(number=step.number, title=step.title)


def _taken(board: Board, decided: Decided) -> str:
    """A decision in two lines: what was decided, then by whom, when and why."""
    made = decided.decision
    number = made.key.partition(".")[0]
    words = _("{number} {title}: {choice}")
    first = words.format(number=number, title=board.title_of(number), choice=made.choice)
    second = _("{who}, {date}. {reason}").format(
        who=made.who, date=numbers.date(made.date), reason=made.reason
    )
    return f'<p class="taken">{escape(first)}<br><span class="quiet">{escape(second)}</span></p>'

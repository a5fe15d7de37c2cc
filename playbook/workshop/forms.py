"""Forms of a page: a question of the method, and the decision on it."""

from __future__ import annotations

import datetime as dt
from html import escape
from typing import Any

from playbook.display import html
from playbook.display.live import is_static
from playbook.engagement import Engagement
from playbook.engagement.decisions import Decided, Decision
from playbook.engagement.documents import in_readers_language
from playbook.errors import PlaybookError
from playbook.text import gettext as _
from playbook.text import numbers


class DecisionForm:
    """A question with its options; shows what was decided and lets the room decide anew.

    Args:
        engagement: Whose decision it is.
        key: Number of the step and a short name.
        question: The question, in the reader's language.
        options: The choices, in the reader's language.
    """

    def __init__(
        self, engagement: Engagement, key: str, *, question: str, options: tuple[str, ...]
    ) -> None:
        self.engagement = engagement
        self.key = key
        self.question = question
        self.options = options
        self._seen = 0

    @property
    def decided(self) -> Decided | None:
        """The decision in force, or nothing."""
        return self.engagement.decisions.latest(self.key)

    def markup(self) -> str:
        """The question and the decision in force, or that it is open."""
        decided = self.decided
        self._seen = decided.sequence if decided else 0
        asked = f'<p class="headline">{escape(self.question)}</p>'
        if decided is None:
            choices = html.bullets(self.options, "options")
            words = escape(_("Not decided yet."))
            return asked + f'<p class="warn">{words}</p>' + choices
        return asked + _told(self._own(decided.decision))

    def _own(self, decision: Decision) -> Decision:
        return in_readers_language(decision) if self.engagement.is_sample else decision

    def save(self, choice: str | None, who: str, reason: str, dissent: str = "") -> Decided:
        """Record a choice.

        Raises:
            PlaybookError: Something is not filled in, or somebody else has decided since
                the decision was last shown here.
        """
        missing = [
            words
            for value, words in (
                (choice, _("the choice")),
                (who.strip(), _("the role that decides")),
                (reason.strip(), _("the reason, in one sentence")),
            )
            if not value
        ]
        if missing or choice is None:
            raise PlaybookError(_("Not recorded yet; please fill in:"), problems=missing)
        decision = Decision(
            key=self.key,
            choice=choice,
            who=who,
            reason=reason,
            dissent=dissent,
            date=dt.date.today(),  # noqa: DTZ011 - the room's own day
        )
        return self.engagement.decisions.save(decision, expected=self._seen)

    def widget(self) -> Any:  # noqa: ANN401 - ipywidgets has no types
        """The question, what is decided, and a form to decide."""
        import ipywidgets as w

        place = w.HTML(html.block(self.markup()))
        said = w.HTML("")
        choice = w.RadioButtons(
            options=list(self.options), value=None, layout=w.Layout(width="100%")
        )
        labels = (
            _("Role that decides"),
            _("Why, in one sentence"),
            _("Who disagrees, and why (optional)"),
        )
        fields = [w.Text(layout=w.Layout(width="calc(100% - 4px)")) for _label in labels]
        lines = [
            w.VBox([w.Label(label), field], layout=w.Layout(width="min(36rem, 100%)"))
            for label, field in zip(labels, fields, strict=True)
        ]
        button = w.Button(description=_("Record the decision"), layout=w.Layout(width="auto"))

        def record(_button: object) -> None:
            try:
                self.save(choice.value, *(field.value for field in fields))
            except PlaybookError as problem:
                said.value = html.error(problem)._repr_html_()
            else:
                said.value = ""
            place.value = html.block(self.markup())

        button.on_click(record)
        box = w.VBox([place, choice, *lines, said, button])
        box.add_class("pb-decision")
        return box

    def _ipython_display_(self) -> None:
        from IPython.display import HTML, display

        shown = html.block(self.markup())
        if is_static():
            display(HTML(shown))
            return
        # A page shows the question at once, and the form in its place when its scripts are there.
        display({**self.widget()._repr_mimebundle_(), "text/html": shown}, raw=True)


def _told(decision: Decision) -> str:
    """What was decided, by whom, when and why."""
    line = _("{choice} — {who}, {date}").format(
        choice=decision.choice, who=decision.who, date=numbers.date(decision.date)
    )
    disagreed = _("Dissent: {words}").format(words=decision.dissent)
    dissent = f'<p class="quiet">{escape(disagreed)}</p>' if decision.dissent else ""
    return (
        f'<p class="good">{escape(line)}</p><p class="quiet">{escape(decision.reason)}</p>{dissent}'
    )

"""Where a step stands: not run, up to date, overtaken by what changed since, or stopped."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from playbook.text import gettext as _
from playbook.text import numbers

if TYPE_CHECKING:
    from playbook.engagement import Engagement

State = Literal["new", "done", "stale", "failed"]
Versions = Callable[["Engagement", Mapping[str, str]], Mapping[str, str]]
MARKS: dict[State, str] = {"new": "○", "done": "●", "stale": "◐", "failed": "✕"}
TONES: dict[State, str] = {"new": "quiet", "done": "good", "stale": "warn", "failed": "bad"}


@dataclass(frozen=True, kw_only=True)
class Standing:
    """The state of one step.

    Attributes:
        state: Not run, up to date, overtaken, or stopped.
        at: When it last ran (ISO), empty when never.
        changed: Short names of what it has read and what is different now.
        message: Why it stopped.
        reads: What it has read, in which version.
    """

    state: State
    at: str = ""
    changed: tuple[str, ...] = ()
    message: str = ""
    reads: Mapping[str, str]

    @property
    def mark(self) -> str:
        """A shape that tells the state without its colour."""
        return MARKS[self.state]

    @property
    def tone(self) -> str:
        """The class of its colour."""
        return TONES[self.state]

    @property
    def words(self) -> str:
        """The state in one sentence."""
        match self.state:
            case "new":
                return _("Not run yet.")
            case "failed":
                return _("Stopped: {message}").format(message=self.message)
            case "done":
                return _("Ran {when}.").format(when=numbers.moment(self.at))
        words = _("Ran {when}; since then changed: {inputs}. Run it again.")
        return words.format(when=numbers.moment(self.at), inputs=", ".join(self.changed))


def standing(engagement: Engagement, step: str, *, number: str, versions: Versions) -> Standing:
    """The state of a step, from the record.

    Args:
        engagement: Whose step it is.
        step: Its id, such as ``03_segmentation``.
        number: Its number; a decision on the step's own question follows from its numbers
            and does not overtake them.
        versions: Says for what a step read what it would read now.
    """
    event = engagement.record.last(f"run/{step}")
    if event is None:
        return Standing(state="new", reads={})
    reads: dict[str, str] = event.payload["reads"]
    if event.type != "finished":
        summary = str(event.payload.get("message", "")).partition("\n")[0]
        return Standing(state="failed", at=event.at, message=summary, reads=reads)
    others = {key: v for key, v in reads.items() if not key.startswith(f"decision/{number}.")}
    now = versions(engagement, others)
    changed = sorted({short(key) for key, version in others.items() if now.get(key) != version})
    state: State = "stale" if changed else "done"
    return Standing(state=state, at=event.at, changed=tuple(changed), reads=reads)


def short(name: str) -> str:
    """The last word of an input: ``goals`` of ``document/goals``.

    Example:
        >>> short("result/playbook.customers.segments:Segments")
        'Segments'
    """
    kind, _slash, rest = name.partition("/")
    return rest.replace(":", ".").rpartition(".")[2] if kind == "result" else rest

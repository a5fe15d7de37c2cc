"""What is served: one engagement, its steps and their notebooks, and who tells about them."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from playbook.text import LANGUAGES

if TYPE_CHECKING:
    from playbook.engagement import Engagement

Reads = Mapping[str, str]


class Step(Protocol):
    """A step of the method, as the catalogue describes it."""

    @property
    def id(self) -> str:
        """Such as ``03_segmentation`` or ``dashboards/executive``."""

    @property
    def number(self) -> str:
        """What people type: ``03``."""

    @property
    def title(self) -> str:
        """Its short name, in the reader's language."""

    @property
    def notebook(self) -> str:
        """Its file below the folder of the notebooks."""

    @property
    def is_dashboard(self) -> bool:
        """Whether it only reads what the steps computed: open to readers too."""


@dataclass(frozen=True, kw_only=True)
class Site:
    """One engagement and everything its pages are made of.

    Attributes:
        engagement: Whose pages these are.
        steps: The steps and the dashboards, in the order of the method.
        notebooks: The folder that holds the notebooks.
        versions: Says for what a step read what it would read now.
        company: Says the company's name in the language in force.
        preheated: Addresses of the pages that wait ready, such as ``ru/executive``.
    """

    engagement: Engagement
    steps: Sequence[Step]
    notebooks: Path
    versions: Callable[[Engagement, Reads], Reads]
    company: Callable[[], str]
    preheated: tuple[str, ...] = ()

    @property
    def lang(self) -> str:
        """The engagement's language; empty where it follows the reader."""
        return self.engagement.lang if self.engagement.lang in LANGUAGES else ""

    @property
    def folder(self) -> Path:
        """Where the copies of the notebooks lie."""
        return Path(self.engagement.folder) / "pages"

    @property
    def home(self) -> Path:
        """The folder that holds the engagements."""
        return Path(self.engagement.folder).parent.parent

    @cached_property
    def by_slug(self) -> dict[str, Step]:
        """Every step by the last part of its address."""
        return {slug(step): step for step in self.steps}


def slug(step: Step) -> str:
    """The last part of a page's address: ``03_segmentation``, ``executive``."""
    return step.id.rpartition("/")[2]

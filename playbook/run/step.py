"""The place of a notebook in the method: what it reads, hands on and asks to decide.

A notebook opens its step once and uses ``here`` for everything::

    here = step.open("03_segmentation", engagement=engagement, lang=lang)
    result = segment(here.table("customers"), k=k)
    here.hand_on(result)
"""

from __future__ import annotations

import datetime as dt
import json
import os
import sys
from collections.abc import Mapping, Sequence
from functools import cached_property
from html import escape
from typing import TYPE_CHECKING, Any, TypeVar

from playbook.data.limits import limits, tables_of
from playbook.data.tables import Tables
from playbook.display.html import Html, bullets, fold
from playbook.display.progress import Progress
from playbook.display.result import Result
from playbook.engagement import Engagement
from playbook.engagement.coding import class_name
from playbook.engagement.documents import Document, in_readers_language
from playbook.engagement.results import ABSENT, Provenance, Stored, code_version
from playbook.errors import PlaybookError
from playbook.run import reads
from playbook.run.catalogue import STEPS, StepInfo, find
from playbook.text import gettext as _
from playbook.text import language, numbers, use_language

if TYPE_CHECKING:
    import pandas as pd

    from playbook.workshop.forms import DecisionForm

PARAMETER_TYPES = (bool, int, float, str, list, dict)

D = TypeVar("D", bound=Document)
R = TypeVar("R", bound=Result)


def open(name: str, *, engagement: str = "sample", lang: str = "") -> Step:
    """Open a step of an engagement and speak its language from here on.

    Args:
        name: Id or number of the step.
        engagement: Name of the engagement.
        lang: ``en`` or ``ru``; empty takes ``PLAYBOOK_LANG``, then the engagement's
            language, and where it has none, the reader's.

    Raises:
        PlaybookError: There is no such step, engagement or language.
    """
    step = Step(find(name), Engagement.open(engagement))
    own = "" if os.environ.get("PLAYBOOK_LANG") else step.engagement.lang
    wanted = lang or own or language()
    try:
        use_language(wanted)
    except ValueError:
        raise PlaybookError(
            _("“{lang}” is not a language of the playbook; use en or ru.").format(lang=wanted)
        ) from None
    numbers.use_currency(step.engagement.currency)
    return step


class Step:
    """A step that is open; shows the line of steps with the present one marked."""

    def __init__(self, info: StepInfo, engagement: Engagement) -> None:
        self.info = info
        self.engagement = engagement
        self.read: dict[str, str] = {}

    @cached_property
    def tables(self) -> Tables:
        """The engagement's tables; slow ones show how far they have come."""
        tables = Tables.of(self.engagement)
        words = _("Working out the table “{name}”")
        tables.told = lambda name: Progress(words.format(name=name))
        return tables

    @property
    def lang(self) -> str:
        """The language in force."""
        return language()

    @property
    def currency(self) -> str:
        """The engagement's currency, ISO 4217."""
        return self.engagement.currency

    @property
    def company(self) -> str:
        """The company's name in the reader's language."""
        return self.engagement.title()

    @cached_property
    def as_of(self) -> dt.date:
        """The last day of the data."""
        self._look("table/receipts")
        return self.tables.as_of()

    def has_table(self, name: str) -> bool:
        """Whether a table is there or can be computed; the look is noted."""
        return self._look(f"table/{name}") != ABSENT

    def table(self, name: str) -> pd.DataFrame:
        """A table of the engagement, reductions computed on demand.

        Raises:
            PlaybookError: The table is not there; says what to import.
        """
        self._look(f"table/{name}")
        return self.tables.read(name)

    def table_or_none(self, name: str) -> pd.DataFrame | None:
        """A table of the engagement, or nothing where it is not there."""
        return self.table(name) if self.has_table(name) else None

    def document(self, kind: type[D]) -> D:
        """The newest document of a kind, in the reader's language.

        Raises:
            PlaybookError: Nobody has filled it in; says how.
        """
        found = self.document_or_none(kind)
        if found is not None:
            return found
        raise PlaybookError(
            _("This page needs the input “{kind}”, and nobody has filled it in yet.").format(
                kind=kind.kind
            ),
            advice=_(
                "Fill in {kind}.yaml after `playbook inputs export {name} inputs`, then"
                " `playbook inputs import {name} inputs`."
            ).format(kind=kind.kind, name=self.engagement.name),
        )

    def document_or_none(self, kind: type[D]) -> D | None:
        """The newest document of a kind, or nothing where nobody has filled it in."""
        self._look(f"document/{kind.kind}")
        saved = self.engagement.documents.latest(kind)
        if saved is None:
            return None
        return in_readers_language(saved.document) if self.engagement.is_sample else saved.document

    def result(self, kind: type[R]) -> R:
        """The newest result of a class.

        Raises:
            PlaybookError: No step has computed it; names the step to run.
        """
        found = self.stored(kind)
        if found is not None:
            return found.result
        raise PlaybookError(
            _("This page builds on a result that is not there yet: {result}.").format(
                result=kind.__name__
            ),
            advice=_("Run first: playbook run {name} --only {steps}").format(
                name=self.engagement.name,
                steps=",".join(find(need).number for need in self.info.needs) or "…",
            ),
        )

    def result_or_none(self, kind: type[R]) -> R | None:
        """The newest result of a class, or nothing where no step has computed it."""
        found = self.stored(kind)
        return found.result if found else None

    def stored(self, kind: type[R]) -> Stored[R] | None:
        """The newest result of a class with its provenance, or nothing."""
        found = self.engagement.results.latest(kind)
        self._note(f"result/{class_name(kind)}", found.hash if found else ABSENT)
        return found

    def hand_on(self, *results: Result, seed: int | None = None, **parameters: Any) -> Html:  # noqa: ANN401 - JSON values
        """Store results for later steps and show where their numbers come from.

        Args:
            results: What later steps and the dashboard read.
            seed: The seed, if anything was drawn.
            parameters: What mattered beside the parameters of the notebook, which are
                noted by themselves.
        """
        provenance = Provenance(
            step=self.info.id,
            reads=dict(self.read),
            parameters=json.loads(json.dumps(_notebook_parameters() | parameters, default=str)),
            seed=seed,
            lang=self.lang,
            code=code_version(),
            data_until=self._data_until(),
        )
        for result in results:
            self.engagement.results.store(result, provenance)
        return _provenance(results, provenance)

    def decision(self, key: str, *, question: str, options: Sequence[str]) -> DecisionForm:
        """The question of a page: the decision in force, or a form where one can be made.

        Args:
            key: Number of the step and a short name, such as ``03.who_gets_what``.
            question: The question, in the reader's language.
            options: The choices, in the reader's language.
        """
        from playbook.workshop.forms import DecisionForm

        self._look(f"decision/{key}")
        return DecisionForm(self.engagement, key, question=question, options=tuple(options))

    def noting(self, name: str, version: str = ABSENT) -> None:
        """Note an input that was read in another way, such as ``seal/charter``.

        Args:
            name: Kind and name of the input.
            version: Its version, where the record does not know the input.
        """
        known = reads.version(self.engagement, self.tables, name)
        self._note(name, version if known == ABSENT else known)

    def _look(self, name: str) -> str:
        """Note an input before it is read, so that a change in between is seen later."""
        present = reads.version(self.engagement, self.tables, name)
        self._note(name, present)
        return present

    def _note(self, name: str, version: str) -> None:
        self.read[name] = version
        reads.note(name, version)

    def _data_until(self) -> str:
        has_receipts = self.tables.has("receipts")
        return self.tables.as_of().isoformat() if has_receipts else ""

    @property
    def path(self) -> Html:
        """The line of steps with the present one marked."""
        items = "".join(
            f'<li class="here" aria-current="step">{escape(step.title)}</li>'
            if step.id == self.info.id
            else f"<li>{_linked(step)}</li>"
            for step in STEPS
        )
        return Html(f'<ol class="steps">{items}</ol>')

    @property
    def limits(self) -> Html:
        """What is missing for this page, in one quiet line that opens; empty where nothing is."""
        for name in tables_of(self.info.number):  # the page is another one when they arrive
            table = f"table/{name}"
            reads.note(table, reads.version(self.engagement, self.tables, table))
        found = limits(self.tables, step=self.info.number)
        if not found:
            return Html("")
        names = ", ".join(limit.missing for limit in found)
        title = _("Missing here: {names}").format(names=names)
        told = (
            f"<p class='quiet'><b>{escape(limit.missing)}</b>: {escape(limit.limits)} "
            f"<code>{escape(limit.remedy(self.engagement.name))}</code></p>"
            for limit in found
        )
        return Html(fold(title, "".join(told)))

    def _repr_html_(self) -> str:
        return (self.path + self.limits)._repr_html_()


def _linked(step: StepInfo) -> str:
    """The label of a step, leading to its page where pages are served."""
    label = escape(step.title)
    if not os.environ.get("PLAYBOOK_PAGES"):
        return label
    return f'<a href="{step.id.rpartition("/")[2]}">{label}</a>'


def _notebook_parameters() -> dict[str, Any]:
    """The values of the annotated names of the notebook that is running."""
    # IPython keeps the names of a notebook in the module that it calls __main__
    names = vars(sys.modules["__main__"])
    if "get_ipython" not in names:
        return {}
    values = ((name, names.get(name)) for name in names.get("__annotations__", {}))
    return {name: value for name, value in values if isinstance(value, PARAMETER_TYPES)}


def _provenance(results: Sequence[Result], provenance: Provenance) -> Html:
    """Formula, inputs and age of what was handed on, folded."""
    formulas = [result.formula for result in results if result.formula]
    facts = [
        *formulas,
        _("Read: {inputs}").format(inputs=", ".join(_there(provenance.reads)) or "—"),
        _("Computed by step {step}, code {code}").format(
            step=provenance.step, code=provenance.code
        ),
    ]
    if provenance.data_until:
        facts.append(_("Data until {date}").format(date=numbers.date(provenance.data_until)))
    if provenance.seed is not None:
        facts.append(_("Seed {seed}").format(seed=provenance.seed))
    return Html(fold(_("Where these numbers come from"), bullets(facts)))


def _there(looked_at: Mapping[str, str]) -> list[str]:
    """The inputs that were there when they were looked for."""
    return sorted(name for name, version in looked_at.items() if version != ABSENT)

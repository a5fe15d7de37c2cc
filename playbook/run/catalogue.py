"""The steps of the method as data: number, name, notebook, and what each needs first."""

from __future__ import annotations

import difflib
from dataclasses import dataclass
from importlib import import_module
from pkgutil import iter_modules

from playbook.errors import PlaybookError
from playbook.text import gettext as _

CHAPTERS = (
    "playbook.engagement.company",
    "playbook.strategy",
    "playbook.customers",
    "playbook.pilot",
    "playbook.scaling",
    "playbook.workshop",
)


@dataclass(frozen=True)
class StepInfo:
    """One step of the method.

    Attributes:
        id: Its name, such as ``03_segmentation``.
        number: What people type: ``03``.
        needs: Ids of the steps whose results it reads.
    """

    id: str
    number: str
    needs: tuple[str, ...] = ()

    @property
    def notebook(self) -> str:
        """Path of its notebook below the folder of notebooks."""
        return f"{self.id}.ipynb"

    @property
    def title(self) -> str:
        """Its label in the line of steps, in the reader's language."""
        return _titles()[self.id]

    @property
    def is_dashboard(self) -> bool:
        """Whether it only reads what others computed."""
        return self.id.startswith("dashboards/")


METHOD = (
    StepInfo("00_welcome", "00"),
    StepInfo("01_why_retention", "01"),
    StepInfo("02_goals", "02"),
    StepInfo("03_segmentation", "03"),
    StepInfo("04_initiatives", "04", ("00_welcome",)),
    StepInfo(
        "05_business_case",
        "05",
        ("00_welcome", "01_why_retention", "03_segmentation", "04_initiatives"),
    ),
    StepInfo("06_pilot_definition", "06", ("05_business_case",)),
    StepInfo("07_pilot_tracking", "07", ("06_pilot_definition",)),
    StepInfo("08_results_analysis", "08", ("05_business_case", "06_pilot_definition")),
    StepInfo("09_organisation", "09"),
    StepInfo("10_scaling_plan", "10", ("08_results_analysis", "09_organisation")),
    StepInfo("11_tracking", "11", ("08_results_analysis", "10_scaling_plan")),
)
EXECUTIVE = StepInfo("dashboards/executive", "executive", tuple(step.id for step in METHOD))
STEPS = (*METHOD, EXECUTIVE)


def _titles() -> dict[str, str]:
    """The labels of the line of steps, looked up in the language in force."""
    return {
        "00_welcome": _("Welcome"),
        "01_why_retention": _("Why"),
        "02_goals": _("Goals"),
        "03_segmentation": _("Segments"),
        "04_initiatives": _("Initiatives"),
        "05_business_case": _("Business case"),
        "06_pilot_definition": _("Pilot design"),
        "07_pilot_tracking": _("Pilot board"),
        "08_results_analysis": _("Results"),
        "09_organisation": _("Organisation"),
        "10_scaling_plan": _("Scaling"),
        "11_tracking": _("Tracking"),
        "dashboards/executive": _("Dashboard"),
    }


def find(name: str) -> StepInfo:
    """A step by its number or its id.

    Raises:
        PlaybookError: There is none; all numbers are named.
    """
    known = {key: step for step in STEPS for key in (step.id, step.number)}
    if name in known:
        return known[name]
    near = difflib.get_close_matches(name, known, n=1)
    raise PlaybookError(
        _("There is no notebook {name}.").format(name=name),
        problems=[f"{step.number}  {step.title}" for step in STEPS],
        advice=_("Did you mean {name}?").format(name=near[0]) if near else "",
    )


def load_documents() -> None:
    """Import every chapter module, so that every kind of document is known."""
    for chapter in CHAPTERS:
        package = import_module(chapter)
        for module in iter_modules(getattr(package, "__path__", ()), f"{chapter}."):
            import_module(module.name)

"""The parameters of a notebook: read from its cell, checked before anything runs.

papermill only warns about an unknown parameter and enforces no type. A parameters
cell is a list of annotated literals, each with a comment; a range or the choices
stand at the end of the comment: ``k: int = 5  # number of groups [2..12]``.
"""

from __future__ import annotations

import ast
import difflib
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from playbook.errors import PlaybookError
from playbook.text import gettext as _
from playbook.text.notebooks import Notebook, is_parameters, source_of

_LIMITS = re.compile(r"\[([^\]]*)\]\s*$")
_TYPES: dict[str, type] = {"int": int, "float": float, "str": str, "bool": bool}


@dataclass(frozen=True)
class Parameter:
    """One parameter of a notebook.

    Attributes:
        name: Its name.
        type_name: ``int``, ``float``, ``str``, ``bool`` or ``list[...]`` of these.
        default: The literal in the cell.
        words: Its comment, without the range.
        low: Smallest value, or ``None``.
        high: Largest value, or ``None``.
        choices: Allowed values as text; empty when free.
    """

    name: str
    type_name: str
    default: Any
    words: str = ""
    low: float | None = None
    high: float | None = None
    choices: tuple[str, ...] = ()

    def read(self, text: str) -> Any:  # noqa: ANN401 - the type is the parameter's own
        """A value given as text on the command line; raises ``ValueError`` with the reason."""
        if self.type_name.startswith("list["):
            inner = self.type_name[5:-1]
            return [_read_scalar(part.strip(), inner) for part in text.split(",") if part.strip()]
        return _read_scalar(text, self.type_name)

    def problem_of(self, value: object) -> str:
        """Why a value does not fit, or the empty string."""
        items = value if isinstance(value, list) else [value]
        return next(filter(None, map(self._problem_of_one, items)), "")

    def _problem_of_one(self, value: object) -> str:
        is_number = isinstance(value, int | float) and not isinstance(value, bool)
        if is_number and not self._is_inside(float(value)):  # type: ignore[arg-type]
            return _("{value} is outside {low} to {high}").format(
                value=value, low=_bound(self.low), high=_bound(self.high)
            )
        if self.choices and str(value) not in self.choices:
            choices = ", ".join(self.choices)
            return _("{value} is not one of {choices}").format(value=value, choices=choices)
        return ""

    def _is_inside(self, value: float) -> bool:
        """Whether a number is in the range; not-a-number never is."""
        low = float("-inf") if self.low is None else self.low
        high = float("inf") if self.high is None else self.high
        return low <= value <= high


def _bound(value: float | None) -> str:
    return "…" if value is None else f"{value:g}"


def _read_scalar(text: str, type_name: str) -> Any:  # noqa: ANN401 - the type is the parameter's own
    wanted = {
        "int": _("a whole number"),
        "float": _("a number"),
        "bool": _("true or false"),
    }.get(type_name, "")
    try:
        match type_name:
            case "int":
                return int(text)
            case "float":
                return float(text.replace(",", "."))
            case "bool":
                return {"true": True, "1": True, "false": False, "0": False}[text.lower()]
            case _:
                return text
    except (ValueError, KeyError):
        raise ValueError(
            _("{value} is not {wanted}").format(value=repr(text), wanted=wanted)
        ) from None


def parameters_of(notebook: Notebook) -> dict[str, Parameter]:
    """The parameters of a notebook by name, in order; empty when it has no such cell."""
    cells = [cell for cell in notebook["cells"] if is_parameters(cell)]
    if not cells:
        return {}
    source = source_of(cells[0])
    lines = source.splitlines()
    found = (_parameter(node, lines) for node in ast.parse(source).body)
    return {parameter.name: parameter for parameter in found if parameter}


def _parameter(node: ast.stmt, lines: Sequence[str]) -> Parameter | None:
    if not isinstance(node, ast.AnnAssign) or not isinstance(node.target, ast.Name):
        return None
    last = lines[(node.end_lineno or node.lineno) - 1]
    comment = last[node.end_col_offset :].partition("#")[2].strip() if node.value else ""
    limits = _LIMITS.search(comment)
    low, high, choices = _limits(limits[1] if limits else "")
    return Parameter(
        name=node.target.id,
        type_name=ast.unparse(node.annotation),
        default=ast.literal_eval(node.value) if node.value else None,
        words=_LIMITS.sub("", comment).strip(),
        low=low,
        high=high,
        choices=choices,
    )


def _limits(text: str) -> tuple[float | None, float | None, tuple[str, ...]]:
    if ".." in text:
        low, _dots, high = text.partition("..")
        return (float(low) if low else None, float(high) if high else None, ())
    return None, None, tuple(text.split("|")) if text else ()


def check(
    given: Sequence[str],
    *,
    parameters: Mapping[str, Mapping[str, Parameter]],
    find: Mapping[str, str],
) -> dict[str, dict[str, Any]]:
    """Values per step from texts like ``03.k=5``; one error names everything wrong.

    Args:
        given: What the command line said.
        parameters: Per step id its parameters.
        find: Every accepted name of a step (``03``, ``03_segmentation``) to its id.
    """
    values: dict[str, dict[str, Any]] = {}
    problems: list[str] = []
    for text in given:
        try:
            step, name, value = _one(text, parameters=parameters, find=find)
        except ValueError as problem:
            problems.append(f"{text}: {problem}")
        else:
            values.setdefault(step, {})[name] = value
    if problems:
        raise PlaybookError(
            _("Some parameters cannot be used; nothing was run."),
            problems=problems,
            advice=_("`playbook run --parameters` lists the parameters of every notebook."),
        )
    return values


def _one(
    text: str,
    *,
    parameters: Mapping[str, Mapping[str, Parameter]],
    find: Mapping[str, str],
) -> tuple[str, str, Any]:
    """One ``step.name=value``; raises ``ValueError`` with the reason."""
    target, equals, raw = text.partition("=")
    number, dot, name = target.strip().partition(".")
    if not equals or not dot:
        raise ValueError(_("write it as notebook.name=value, for example 03.k=5"))
    if number not in find:
        raise ValueError(_("there is no notebook {name}").format(name=number))
    known = parameters[find[number]]
    if name not in known:
        near = difflib.get_close_matches(name, known, n=1)
        hint = _("; did you mean {name}?").format(name=near[0]) if near else ""
        names = ", ".join(known)
        raise ValueError(
            _("unknown parameter; notebook {number} has {names}").format(number=number, names=names)
            + hint
        )
    value = known[name].read(raw)
    if problem := known[name].problem_of(value):
        raise ValueError(problem)
    return find[number], name, value

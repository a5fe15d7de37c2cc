"""The columns of a table elsewhere as our receipts: found by their names, brought to our types."""

from __future__ import annotations

import shlex
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from playbook.data import headings
from playbook.data.columns import COLUMNS
from playbook.data.schema import TABLES
from playbook.data.sheets import Source
from playbook.data.source_address import Address
from playbook.errors import PlaybookError
from playbook.text import gettext as _

if TYPE_CHECKING:
    import ibis.expr.types as ir

MONEY = "decimal(18, 2)"
WIDE = "decimal(38, 10)"
NUMBER = "decimal(18, 3)"  # so that a sum does not depend on the order of its rows
ZONE_FUNCTIONS = {"postgresql": "timezone", "duckdb": "timezone", "spark": "convert_timezone"}


def found_columns(raw: ir.Table, address: Address) -> dict[str, str]:
    """Our name to the table's own, for everything that our receipts have.

    Raises:
        PlaybookError: Names every column that is missing or could be several.
    """
    table = TABLES["receipts"]
    sources = [Source(heading=name, name=name) for name in raw.columns]
    strange = [one for one in address.columns.values() if one not in raw.columns]
    matches = headings.match(sources, table, address.columns)
    problems = [_("The table has no column “{column}”.").format(column=one) for one in strange]
    for name in matches.missing:
        words = _("{column} is missing: {meaning}")
        problems.append(words.format(column=name, meaning=_(COLUMNS[name].meaning)))
    for name, several in matches.doubtful.items():
        words = _("{column} could be any of: {headings}")
        problems.append(words.format(column=name, headings=", ".join(several)))
    if problems:
        words = _("{table} has: {columns}")
        has = words.format(table=address.table, columns=", ".join(raw.columns))
        example = next(iter([*matches.missing, *matches.doubtful]), "amount")
        raise PlaybookError(
            _("The columns of the receipts were not all found in the source."),
            problems=[has, *problems],
            advice=_(
                "State them in the address, one by one, and keep it in quotes: playbook source"
                " NAME {address}"
            ).format(
                address=shlex.quote(address.stating("map", ":".join((example, _("HEADING")))))
            ),
        )
    return {name: source.name for name, source in matches.found.items()}


def as_receipts(raw: ir.Table, columns: Mapping[str, str], address: Address) -> ir.Table:
    """The table with our names and our types; every row is still there.

    ``is_even`` says of each row whether its money was a whole number of hundredths.

    Raises:
        PlaybookError: Names every column whose type cannot be brought to ours.
    """
    import ibis

    problems = [
        problem
        for name, own in columns.items()
        if (problem := _problem(name, own, raw[own].type(), address))
    ]
    if problems:
        raise PlaybookError(
            _("The columns of the source do not have types that can be used as they are."),
            problems=problems,
            advice=_("docs/sources.md shows a view for each of these cases."),
        )
    cast = {name: _cast(name, raw[own], address) for name, own in columns.items()}
    money = raw[columns["amount"]]
    even = money.isnull() | _is_even(money)
    return raw.select(**cast, is_even=ibis.ifelse(even, 1, 0))


def _problem(name: str, own: str, kind: Any, address: Address) -> str:  # noqa: ANN401
    """Why a column cannot be used as it is, or nothing."""
    match COLUMNS[name].kind:
        case "text" if not _is_whole(kind) and not kind.is_string() and not kind.is_uuid():
            words = _("{column} ({own}) is {kind}: an id must be text or a whole number.")
        case "moment" if not kind.is_timestamp() and not kind.is_date():
            words = _("{column} ({own}) is {kind}: it must be a date or a timestamp.")
        case "moment" if kind.is_timestamp() and kind.timezone and not address.zone:
            words = _(
                "{column} ({own}) is a moment of the whole world: state the zone of the stores,"
                " for example &zone=Europe/Moscow."
            )
        case "moment" if (
            kind.is_timestamp() and kind.timezone and address.engine not in ZONE_FUNCTIONS
        ):
            words = _("{column} ({own}) is {kind}: bring it to the time of the stores in a view.")
        case "money" if kind.is_floating() and not address.rounds_money:
            words = _(
                "{column} ({own}) is {kind}, which is not exact: name a column with decimals, or"
                " state &money=round."
            )
        case "money" | "number" if not kind.is_numeric():
            words = _("{column} ({own}) is {kind}: it must be a number.")
        case _:
            return ""
    return words.format(column=name, own=own, kind=kind)


def _is_whole(kind: Any) -> bool:  # noqa: ANN401 - Ibis has no common type of types
    return bool(kind.is_integer() or (kind.is_decimal() and kind.scale == 0))


def _cast(name: str, value: Any, address: Address) -> Any:  # noqa: ANN401 - any column of Ibis
    """A column in our type."""
    match COLUMNS[name].kind:
        case "text":
            return _text(value.cast("string"), is_optional=name == "customer_id")
        case "moment":
            return _local(value, address)
        case "money":
            return _rounded(value, 2).cast(MONEY)
        case _:
            return _rounded(value, 3).cast(NUMBER)


def _text(value: Any, *, is_optional: bool) -> Any:  # noqa: ANN401 - any column of Ibis
    """A text as it stands; an optional one of blanks only is missing."""
    import ibis

    if not is_optional:
        return value
    return ibis.ifelse(value.replace(" ", "") == "", ibis.null("string"), value)


def _local(value: Any, address: Address) -> Any:  # noqa: ANN401 - any column of Ibis
    """A moment in the time of the stores, without a zone."""
    kind = value.type()
    if not kind.is_timestamp():
        return value.cast("timestamp")
    return _in_zone(value, address) if kind.timezone else value


def _in_zone(value: Any, address: Address) -> Any:  # noqa: ANN401 - any column of Ibis
    import ibis
    import ibis.expr.datatypes as dt

    function = ibis.udf.scalar.builtin
    name = ZONE_FUNCTIONS[address.engine]
    if address.engine == "spark":  # the session's zone is UTC, so a moment reads as UTC there

        @function(name=name, signature=((dt.string, dt.string, value.type()), dt.timestamp))
        def converted(source, target, at): ...  # type: ignore[no-untyped-def] # noqa: ANN001, ANN202

        return converted("UTC", address.zone, value)

    @function(name=name, signature=((dt.string, value.type()), dt.timestamp))
    def local(zone, at): ...  # type: ignore[no-untyped-def] # noqa: ANN001, ANN202

    return local(address.zone, value)


def _is_even(value: Any) -> Any:  # noqa: ANN401 - any column of Ibis
    """Whether a number is a whole number of hundredths."""
    if _is_whole(value.type()):
        return value.notnull()
    if value.type().is_floating():
        cents = value * 100
        return (cents - cents.round()).abs() < 1e-4
    exact = value.cast(WIDE)
    return exact == exact.round(2)


def _rounded(value: Any, digits: int) -> Any:  # noqa: ANN401 - any column of Ibis
    """A number cut to so many decimals, halves away from zero, the same in every engine."""
    if _is_whole(value.type()):
        return value
    return value.cast(WIDE).round(digits)

"""The words of the remarks about two tables that do not fit each other."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from playbook.text import gettext as _
from playbook.text import ngettext
from playbook.text.numbers import date, money, number, percent

Numbers = Mapping[str, Any]
Words = tuple[str, str]


def _near_store(n: Numbers) -> Words:
    words = ngettext(
        "{n} store of the table “{table}” is written in another way than in the receipts: {pairs}.",
        "{n} stores of the table “{table}” are written in another way than in the receipts: "
        "{pairs}.",
        n["n"],
    )
    written = ", ".join(f"“{mine}” – “{theirs}”" for mine, theirs in n["pairs"])
    if n["n"] > len(n["pairs"]):
        written += ", …"
    text = words.format(n=number(n["n"]), table=n["table"], pairs=written)
    return text, _(
        "Write them alike and import again: noughts in front and Cyrillic letters that look "
        "Latin make another store."
    )


def _several(tables: Mapping[str, list[int]]) -> str:
    """Tables, each with how many of its ids are meant."""
    words = _("{table} ({n} of {all})")
    return ", ".join(
        words.format(table=table, n=number(n), all=number(n_all))
        for table, (n, n_all) in tables.items()
    )


def _unknown_store(n: Numbers) -> Words:
    if "tables" in n:
        words = _("Several tables have stores without a receipt: {tables}; such as {stores}.")
        text = words.format(tables=_several(n["tables"]), stores=", ".join(n["stores"]))
        return text, _("Are the receipts of another company, or do they call the stores otherwise?")
    words = ngettext(
        "{n} of {all} stores of the table “{table}” has no receipt: {stores}.",
        "{n} of {all} stores of the table “{table}” have no receipt: {stores}.",
        n["n"],
    )
    named = ", ".join(n["stores"]) + (", …" if n["n"] > len(n["stores"]) else "")
    text = words.format(n=number(n["n"]), all=number(n["n_all"]), table=n["table"], stores=named)
    return text, _("Are they new or closed, or do the receipts call them otherwise?")


def _near_customer(n: Numbers) -> Words:
    words = ngettext(
        "{n} customer of the table “{table}” is written in another way than in the receipts.",
        "{n} customers of the table “{table}” are written in another way than in the receipts.",
        n["n"],
    )
    text = words.format(n=number(n["n"]), table=n["table"])
    return text, _("Has a spreadsheet taken noughts away in front of the card numbers?")


def _unknown_customer(n: Numbers) -> Words:
    if "tables" in n:
        words = _("Several tables have customers without a receipt: {tables}.")
        return words.format(tables=_several(n["tables"])), _(
            "Do the tables use the same number of a customer: card, account, phone?"
        )
    words = ngettext(
        "{n} of {all} customers of the table “{table}” has no receipt ({share}).",
        "{n} of {all} customers of the table “{table}” have no receipt ({share}).",
        n["n"],
    )
    text = words.format(
        n=number(n["n"]),
        all=number(n["n_all"]),
        table=n["table"],
        share=percent(n["n"] / n["n_all"], 1),
    )
    return text, _("Do both tables use the same number of a customer: card, account, phone?")


def _no_overlap(n: Numbers) -> Words:
    if "tables" in n:
        words = _(
            "The receipts are of {first} to {last}; these tables have no day in common with them:"
            " {tables}."
        )
        text = words.format(
            first=date(n["receipts_first"]),
            last=date(n["receipts_last"]),
            tables=", ".join(n["tables"]),
        )
        return text, _("Bring the same months, or check whether day and month are swapped.")
    words = _(
        "The table “{table}” is of {first} to {last}, the receipts are of {from_day} to {to_day}: "
        "they have no day in common."
    )
    text = words.format(
        table=n["table"],
        first=date(n["first"]),
        last=date(n["last"]),
        from_day=date(n["receipts_first"]),
        to_day=date(n["receipts_last"]),
    )
    return text, _("Bring the same months, or check whether day and month are swapped.")


def _sums(n: Numbers) -> str:
    words = _("The table “{table}” adds up to {money}; the revenue of these months is {revenue}.")
    return words.format(table=n["table"], money=money(n["money"]), revenue=money(n["revenue"]))


def _costs_small(n: Numbers) -> Words:
    return _sums(n), _("Is it written in thousands? All money must be in whole units.")


def _costs_large(n: Numbers) -> Words:
    return _sums(n), _("Is it more than the company sells, in another unit, or of more stores?")


def _costs_negative(n: Numbers) -> Words:
    return _sums(n), _("Costs are positive sums here; does the file write them with a minus?")


def _degrees(n: Numbers) -> Words:
    text = ngettext(
        "The place of {n} store looks like degrees, not like kilometres.",
        "The places of {n} stores look like degrees, not like kilometres.",
        n["n"],
    ).format(n=number(n["n"]))
    advice = _(
        "Call the columns latitude and longitude and import again with --replace: in"
        " kilometres the distances between stores would be far too small."
    )
    return text, advice


WORDS: dict[str, Callable[[Numbers], Words]] = {
    "near_store_id": _near_store,
    "unknown_store_id": _unknown_store,
    "near_customer_id": _near_customer,
    "unknown_customer_id": _unknown_customer,
    "no_overlap": _no_overlap,
    "degrees": _degrees,
    "costs_small": _costs_small,
    "costs_large": _costs_large,
    "costs_negative": _costs_negative,
}

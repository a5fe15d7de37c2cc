"""The words of remarks about days, weeks and stores."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from playbook.text import gettext as _
from playbook.text import ngettext
from playbook.text.numbers import date, number

Numbers = Mapping[str, Any]
Words = tuple[str, str]


def listed(names: Sequence[str], n: int) -> str:
    """A few names, and how many more there are.

    Example:
        >>> listed(["s1", "s2"], 5)
        's1, s2 and 3 more'
    """
    shown = ", ".join(names)
    if n <= len(names):
        return shown
    return _("{names} and {n} more").format(names=shown, n=number(n - len(names)))


def _stores(n: Numbers) -> str:
    """A few stores by name."""
    return listed(n["stores"], n["n"])


def _days(n: int) -> str:
    return ngettext("{n} day", "{n} days", n).format(n=number(n))


def _gap(n: Numbers) -> Words:
    advice = _("Was the company closed, or is a part of the export missing?")
    if n["n"] == 1:
        return _("There is no receipt on {day}.").format(day=date(n["first"])), advice
    words = ngettext(
        "{n} day has no receipt; the longest gap is {gap} from {day}.",
        "{n} days have no receipt; the longest gap is {gap} from {day}.",
        n["n"],
    )
    text = words.format(n=number(n["n"]), gap=_days(n["longest"]), day=date(n["first"]))
    return text, advice


def _closed_weekday(n: Numbers) -> Words:
    names = [_weekday(day) for day in n["weekdays"]]
    words = _("There are no receipts on these days of the week: {days}.")
    return words.format(days=", ".join(names)), _("Nothing is to be done if the stores are closed.")


def _weekday(day: int) -> str:
    names = (
        _("Monday"),
        _("Tuesday"),
        _("Wednesday"),
        _("Thursday"),
        _("Friday"),
        _("Saturday"),
        _("Sunday"),
    )
    return names[day - 1]


def _store_gaps(n: Numbers) -> Words:
    words = ngettext(
        "{n} store has a week or more without a receipt: {stores}; the longest gap is {gap} in"
        " store {store} from {day}.",
        "{n} stores have a week or more without a receipt: {stores}; the longest gap is {gap} in"
        " store {store} from {day}.",
        n["n"],
    )
    text = words.format(
        n=number(n["n"]),
        stores=_stores(n),
        gap=_days(n["longest"]),
        store=n["store"],
        day=date(n["first"]),
    )
    return text, _("Closed for repair, or missing in the export? Note closures in the calendar.")


def _short_data(n: Numbers) -> Words:
    words = ngettext(
        "The receipts cover {n} week only.", "The receipts cover {n} weeks only.", n["n"]
    )
    return words.format(n=number(n["n"])), _(
        "Two years are needed to tell who comes back from who does not."
    )


def _short_stores(n: Numbers) -> Words:
    words = ngettext(
        "{n} store has receipts in fewer than {weeks} weeks: {stores}.",
        "{n} stores have receipts in fewer than {weeks} weeks: {stores}.",
        n["n"],
    )
    text = words.format(n=number(n["n"]), weeks=n["weeks"], stores=_stores(n))
    return text, _("Leave them out of comparisons, or bring the rest of their receipts.")


def _stores_stop(n: Numbers) -> Words:
    words = ngettext(
        "{n} store stops before the end: {stores}; the first has its last receipt on {day}.",
        "{n} stores stop before the end: {stores}; the first has its last receipt on {day}.",
        n["n"],
    )
    text = words.format(n=number(n["n"]), stores=_stores(n), day=date(n["first"]))
    return text, _("Closed, or missing in the last export?")


def _stores_start(n: Numbers) -> Words:
    words = ngettext(
        "{n} store starts in the middle: {stores}; the last has its first receipt on {day}.",
        "{n} stores start in the middle: {stores}; the last has its first receipt on {day}.",
        n["n"],
    )
    text = words.format(n=number(n["n"]), stores=_stores(n), day=date(n["last"]))
    return text, _("Newly opened, renamed, or missing in an earlier export?")


def _busy_days(n: Numbers) -> Words:
    words = ngettext(
        "{n} day has ten times the usual amount of its day of the week or more: {day} has {times}"
        " times.",
        "{n} days have ten times the usual amount of their day of the week or more: {day} has"
        " {times} times.",
        n["n"],
    )
    text = words.format(n=number(n["n"]), day=date(n["day"]), times=number(n["times"]))
    return text, _("Look at its largest receipts; a month booked on one day looks like this.")


def _busy_store_days(n: Numbers) -> Words:
    words = ngettext(
        "On {n} day a store has ten times its usual amount or more: store {store} on {day} has"
        " {times} times.",
        "On {n} days a store has ten times its usual amount or more: store {store} on {day} has"
        " {times} times.",
        n["n"],
    )
    text = words.format(
        n=number(n["n"]), store=n["store"], day=date(n["day"]), times=number(n["times"])
    )
    return text, _("Look at its largest receipts; a month booked on one day looks like this.")


def _doubled_days(n: Numbers) -> Words:
    words = ngettext(
        "{n} receipt has a twin of the same time, store, card and sum: {day} in {stores} looks like"
        " an import made twice.",
        "{n} receipts have twins of the same time, store, card and sum: {day} in {stores} looks"
        " like an import made twice.",
        n["twins"],
    )
    stores = ngettext("{n} store", "{n} stores", n["n_stores"]).format(n=number(n["n_stores"]))
    text = words.format(n=number(n["twins"]), day=date(n["days"][0]), stores=stores)
    if n["n"] > 1:
        text += " " + _("Days: {days}.").format(
            days=listed([date(day) for day in n["days"]], n["n"])
        )
    return text, _("Export these days again; the receipts have numbers of their own and count.")


def _last_day(n: Numbers) -> Words:
    words = _("The last day, {day}, is incomplete: {found} receipts, {usual} on other such days.")
    text = words.format(day=date(n["day"]), found=number(n["found"]), usual=number(n["usual"]))
    return text, _("Leave it out of comparisons, or export again when the day is over.")


def _no_time(n: Numbers) -> Words:
    if n["share"] == 1:
        text = _("The receipts have dates without a time of day.")
    else:
        words = ngettext(
            "{n} receipt has a date without a time of day.",
            "{n} receipts have dates without a time of day.",
            n["n"],
        )
        text = words.format(n=number(n["n"]))
    return text, _("Visits of one day cannot be told apart by time; no chapter needs them to be.")


def _swapped_dates(n: Numbers) -> Words:
    if n["is_all"]:
        text = _("All receipts are dated from the 1st to the 12th of a month.")
    else:
        text = _(
            "The days of the week up to the 12th of a month do not look like those after it; with"
            " day and month swapped they would."
        )
    if n.get("is_stated"):
        return text, _("The order is the one that you have stated; look at a receipt you know.")
    return text, _("Day and month are probably swapped; state the order: --date-order dmy or mdy")


WORDS: dict[str, Callable[[Numbers], Words]] = {
    "gap": _gap,
    "closed_weekday": _closed_weekday,
    "store_gaps": _store_gaps,
    "short_data": _short_data,
    "short_stores": _short_stores,
    "stores_stop": _stores_stop,
    "stores_start": _stores_start,
    "busy_days": _busy_days,
    "busy_store_days": _busy_store_days,
    "doubled_days": _doubled_days,
    "last_day": _last_day,
    "no_time": _no_time,
    "swapped_dates": _swapped_dates,
}

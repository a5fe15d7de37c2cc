"""The words of every remark: what was found, and what to do about it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from playbook.data import limits, pii
from playbook.data import remark_words_tables as table_words
from playbook.data import remark_words_time as time_words
from playbook.text import gettext as _
from playbook.text import ngettext
from playbook.text.numbers import date, money, number, percent

Numbers = Mapping[str, Any]
Words = tuple[str, str]


def _currency(n: Numbers) -> Words:
    words = _("{file}: sums are in {found} ({why}), the money of the engagement is in {wanted}.")
    if heading := n.get("heading", ""):
        why = _("heading “{heading}”").format(heading=heading)
    else:
        why = _("“{cell}” in line {line}").format(cell=n["cell"], line=n["line"])
    text = words.format(file=n["file"], found=n["found"], why=why, wanted=n["wanted"])
    return text, _(
        "Nothing was converted. Convert the sums, or make an engagement with --currency {found}."
    ).format(found=n["found"])


def _set_aside(n: Numbers) -> Words:
    if n["share"] > 0.5:
        words = _("Most rows are not in the table: {share} were set aside.")
        return words.format(share=percent(n["share"], 1)), _(
            "Do not use this table: mend the file or state how it is written, and import again."
        )
    words = _("{share} of the rows were set aside.").format(share=percent(n["share"], 1))
    return words, _("Look at the reasons before going on.")


def _duplicates(n: Numbers) -> Words:
    words = ngettext(
        "{n} row is a copy of another and was left out.",
        "{n} rows are copies of others and were left out.",
        n["n"],
    )
    text = words.format(n=number(n["n"]))
    if n["files"]:
        files = ", ".join(f"{file} ({number(count)})" for file, count in n["files"].items())
        text += " " + _("They are in {files}.").format(files=files)
    return text, _("Nothing is to be done if the exports overlap or were made twice.")


def _repeated_file(n: Numbers) -> Words:
    words = _("Every receipt of {file} is in another file too.").format(file=n["file"])
    return words, _("Was a file given twice, or is a month missing that should be here?")


def _files_overlap(n: Numbers) -> Words:
    words = _("{one} and {other} both have receipts of the same stores from {first} to {last}.")
    text = words.format(
        one=n["one"], other=n["other"], first=date(n["first"]), last=date(n["last"])
    )
    return text, _("Rows that are in both count once; check that neither is an older state.")


def _future_dates(n: Numbers) -> Words:
    words = ngettext(
        "{n} row is dated after {day} and was set aside.",
        "{n} rows are dated after {day} and were set aside.",
        n["n"],
    )
    text = words.format(n=number(n["n"]), day=date(n["day"])) + _place(n)
    return text, _("Is the clock of a till wrong, or are day and month swapped?")


def _impossible_dates(n: Numbers) -> Words:
    words = ngettext(
        "{n} row has a date that cannot be and was set aside.",
        "{n} rows have dates that cannot be and were set aside.",
        n["n"],
    )
    return words.format(n=number(n["n"])) + _place(n), _("Look at the rows in the till system.")


def _place(n: Numbers) -> str:
    """Where the first of them is."""
    if not n.get("file"):
        return ""
    words = " " + _("For example “{value}” in {file}, line {line}.")
    return words.format(value=n["value"], file=n["file"], line=n["line"])


def _ids_lost(n: Numbers) -> Words:
    words = ngettext(
        "{n} row has an id in {column} that a spreadsheet has destroyed.",
        "{n} rows have ids in {column} that a spreadsheet has destroyed.",
        n["n"],
    )
    text = words.format(n=number(n["n"]), column=n["column"]) + _place(n)
    return text, _("Export again from the till system without opening the file in a spreadsheet.")


def _ids_rounded(n: Numbers) -> Words:
    words = _(
        "{share} of the ids in {column} end in {zeros}: a spreadsheet has rounded them, and"
        " different ids have become one."
    )
    text = words.format(share=percent(n["share"]), column=n["column"], zeros="0" * n["zeros"])
    return text, _("Export again from the till system without opening the file in a spreadsheet.")


def _stated_total(n: Numbers) -> Words:
    words = _("{file}, line {line}: “{label}” states {stated}, the rows above add up to {found}.")
    text = words.format(
        file=n["file"],
        line=n["line"],
        label=n["label"],
        stated=money(n["stated"], 2),
        found=money(n["found"], 2),
    )
    more = n["found"] > n["stated"]
    return text, (
        _("Are rows in the file twice, or did the total leave some out?")
        if more
        else _("Were rows set aside, or is the file cut off?")
    )


def _utc_times(n: Numbers) -> Words:
    words = _("{file} has times of a time zone: they are UTC here, not store time.")
    return words.format(file=n["file"]), _("Export the time on the clock of the store.")


def _personal(n: Numbers) -> Words:
    what = _(pii.KIND_WORDS[n["kind"]])
    words = _("{file}: “{heading}” holds {what}: loaded as they are.")
    text = words.format(file=n["file"], heading=n["heading"], what=what)
    advice = _("Import again with --hash {heading}, or leave the column out of the export.")
    return text, advice.format(heading=n["heading"])


def _identical_items(n: Numbers) -> Words:
    words = ngettext(
        "{n} item line is like another in everything; it counts as a second item.",
        "{n} item lines are like others in everything; they count as further items.",
        n["n"],
    )
    return words.format(n=number(n["n"])), _("If they are copies, export without them.")


def _identical_rows(n: Numbers) -> Words:
    words = ngettext(
        "{n} row without a receipt number is like another in everything, for example in store"
        " {store} on {day}; it is kept.",
        "{n} rows without a receipt number are like others in everything, for example in store"
        " {store} on {day}; they are kept.",
        n["n"],
    )
    text = words.format(n=number(n["n"]), store=n["store"], day=date(n["day"]))
    return text, _("Only a receipt number tells copies from second receipts: export it too.")


def _look_alike(n: Numbers) -> Words:
    words = ngettext(
        "{n} id in {column} is written with Latin and with Cyrillic letters that look alike:"
        " {receipts} receipts.",
        "{n} ids in {column} are written with Latin and with Cyrillic letters that look alike:"
        " {receipts} receipts.",
        n["n"],
    )
    text = words.format(n=number(n["n"]), column=n["column"], receipts=number(n["receipts"]))
    if n["ids"]:
        text += " " + _("For example {ids}.").format(ids=time_words.listed(n["ids"], n["n"]))
    return text, _("They count as different ones: write each of them in one way.")


def _empty_columns(n: Numbers) -> Words:
    headings = n.get("headings", {})
    named = {name: _("“{name}”").format(name=headings.get(name, name)) for name in n["columns"]}
    empty = [name for name, share in n["columns"].items() if share == 1]
    some = [
        f"{named[name]} ({percent(share, 1)})" for name, share in n["columns"].items() if share < 1
    ]
    parts, advice = [], []
    if empty:
        shown = ", ".join(named[name] for name in empty)
        parts.append(_("Columns without any value: {columns}.").format(columns=shown))
        advice.append(_("They count as if they were not in the file."))
        table = n.get("table", "")
        advice += [told for name in empty if (told := limits.without_column(table, name))]
    if some:
        parts.append(_("Columns with empty cells: {columns}.").format(columns=", ".join(some)))
        advice.append(_("What needs these columns speaks for the other rows only."))
    return " ".join(parts), " ".join(advice)


def _returns(n: Numbers) -> Words:
    words = ngettext(
        "{n} receipt is a return or negative, {money} in all ({share} of what was sold).",
        "{n} receipts are returns or negative, {money} in all ({share} of what was sold).",
        n["n"],
    )
    text = words.format(n=number(n["n"]), money=money(n["money"]), share=percent(n["share"], 1))
    if n["is_high"]:
        return text, _("That is a lot. Are discounts or cancelled receipts booked as returns?")
    return text, _("They are kept as returns: they lower the revenue and are no visits.")


def _zero_amounts(n: Numbers) -> Words:
    words = ngettext(
        "{n} receipt has a sum of 0; it counts neither as a visit nor as a return.",
        "{n} receipts have a sum of 0; they count neither as visits nor as returns.",
        n["n"],
    )
    return words.format(n=number(n["n"])), _("Paid with points, or cancelled? Ask the till people.")


def _anonymous(n: Numbers) -> Words:
    words = _("{share} of the purchases came without a customer; they count in money only.")
    text = words.format(share=percent(n["share"], 1))
    if n["share"] < 0.001:
        few = ngettext(
            "{n} purchase came without a customer; it counts in money only.",
            "{n} purchases came without a customer; they count in money only.",
            n["n"],
        )
        text = few.format(n=number(n["n"]))
    if n["share"] > 0.5:
        return text, _("Most purchases are anonymous: customers stand for a part of the trade.")
    return text, _("Nothing is to be done; the share says how much of the trade is seen.")


def _shared_cards(n: Numbers) -> Words:
    words = ngettext(
        "{n} card has more purchases than one customer can make: {receipts} receipts, {share} of"
        " those with a card, up to {most} on a day.",
        "{n} cards have more purchases than one customer can make: {receipts} receipts, {share}"
        " of those with a card, up to {most} on a day.",
        n["n"],
    )
    text = words.format(
        n=number(n["n"]),
        receipts=number(n["receipts"]),
        share=percent(n["share"], 1),
        most=number(n["most"]),
    )
    text += " " + _("Most of them: {cards}.").format(cards=time_words.listed(n["cards"], n["n"]))
    return text, _(
        "Such a card is no customer, often a cashier's own: empty the card in these receipts and"
        " import them again."
    )


def _absurd_amounts(n: Numbers) -> Words:
    words = ngettext(
        "{n} receipt has an absurd sum; the largest is {largest} in store {store} on {day}, the"
        " usual one {usual}.",
        "{n} receipts have absurd sums; the largest is {largest} in store {store} on {day}, the"
        " usual one {usual}.",
        n["n"],
    )
    text = words.format(
        n=number(n["n"]),
        largest=money(n["largest"]),
        store=n["store"],
        day=date(n["day"]),
        usual=money(n["usual"]),
    )
    return text, _("Was a bar code typed as a price, or are kopecks taken for roubles?")


def _file_unit(n: Numbers) -> Words:
    words = _("The usual receipt of {file} is {usual}, that of the other files {other}.")
    text = words.format(file=n["file"], usual=money(n["usual"], 2), other=money(n["other"], 2))
    return text, _("Are kopecks taken for roubles, or is the currency another one?")


def _month_unit(n: Numbers) -> Words:
    words = _("The usual receipt is {usual} from {first} to {last} and {other} otherwise.")
    text = words.format(
        usual=money(n["usual"], 2),
        other=money(n["other"], 2),
        first=date(n["first"]),
        last=date(n["last"]),
    )
    return text, _("Are kopecks taken for roubles, or is the currency another one?")


WORDS: dict[str, Callable[[Numbers], Words]] = {
    "currency": _currency,
    "set_aside": _set_aside,
    "duplicates": _duplicates,
    "repeated_file": _repeated_file,
    "files_overlap": _files_overlap,
    "future_dates": _future_dates,
    "impossible_dates": _impossible_dates,
    "ids_lost": _ids_lost,
    "ids_rounded": _ids_rounded,
    "stated_total": _stated_total,
    "personal": _personal,
    "utc_times": _utc_times,
    "identical_items": _identical_items,
    "identical_rows": _identical_rows,
    "look_alike": _look_alike,
    "empty_columns": _empty_columns,
    "returns": _returns,
    "zero_amounts": _zero_amounts,
    "anonymous": _anonymous,
    "shared_cards": _shared_cards,
    "absurd_amounts": _absurd_amounts,
    "file_unit": _file_unit,
    "month_unit": _month_unit,
    **time_words.WORDS,
    **table_words.WORDS,
}

"""What a heading means, by the stems of its words, where it is none of the usual names.

A rule asks for one stem of each of its groups and allows none of those it bans: the sum of a
receipt is meant by ``Сумм. чека с НДС``, not by ``Сумма НДС``.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

# A stem with a full stop is a whole word.
_NUMBERED = "номер ном. nr. no. n. № num number id. ид. код code uuid guid идентификатор"
_PEOPLE = (
    "имя. фио. name фамил отчест тел. телеф phone mail почт адрес address город city рожд birth"
)


@dataclass(frozen=True)
class Rule:
    """What a heading must have and must not have to mean a column."""

    needs: tuple[str, ...]
    bans: str


RULES: dict[str, Rule] = {
    "at": Rule(
        ("дат date datum datetime timestamp момент",),
        "рожд birth dob. открыт open регист regist выпуск выдач годн expir start end. начал оконч"
        " конц измен update modif постав deliver план plan выгруз export загруз load послед last"
        " перв first карт card магаз store смен shift",
    ),
    "amount": Rule(
        (
            "сумм стоим выруч оборот товарооб итог. итого amount amt. sum. total. revenue"
            " turnover spend оплачено umsatz betrag",
        ),
        "бонус bonus балл point кол кол. qty. quant cost себест закуп марж margin прибыл profit цен"
        " price налог tax возвр return refund остат balance шт. pcs. накоп кэшб cashback чаев tip."
        " сдач change тыс. млн. коп. thousand mln. mio. k. план plan позиц line item",
    ),
    "store_id": Rule(
        ("магазин маг. store shop outlet branch филиал filial тт. подраздел точк точка",),
        "адрес address формат format площад area size. регион region тип type город city откр open"
        " тел. phone mail менедж manager директ категор",
    ),
    "customer_id": Rule(
        (
            "клиент карт карты карта покупат client customer cust. card loyal лоял дисконт"
            " household member участник гост guest. buyer shopper kunde",
        ),
        f"{_PEOPLE} тип вид type. kind. сегмент segment оплат pay банк bank pan. visa кол кол."
        " count qty. нов new пол. gender sex. возраст age. сумм amount скид discount балл point"
        " статус status уров level дат date категор бонус bonus остат balance",
    ),
    "receipt_id": Rule(
        (
            "чек receipt transact транзакц заказ order докум doc. invoice ticket bill check"
            " квитанц накладн basket bon. beleg",
            _NUMBERED,
        ),
        "дат date сумм amount total тип вид type. kind. стат status позиц строк line item смен"
        " shift кассир cashier врем time. клиент client customer карт card",
    ),
}
_DISCOUNT = ("скид", "discount")
_TAX = ("ндс", "vat")
_AFTER = frozenset(
    {"с", "со", "учетом", "после", "за", "вычетом", "минус"}
    | {"after", "less", "net", "incl", "with", "including"}
)
_BEFORE = frozenset({"без", "до", "before", "without", "excl", "gross"})
_SPLIT = re.compile(r"[^\W_]+|№")
_FIELDS = re.compile(r"[;\t|]")
_OTHERS = re.compile(r"(?<=[a-zа-яё])(?=[A-ZА-ЯЁ])")


def words_of(heading: str) -> list[str]:
    """The words of a heading in lower case.

    Example:
        >>> words_of("Ном. чека"), words_of("ReceiptDate"), words_of("сумма_с_НДС")
        (['ном', 'чека'], ['receipt', 'date'], ['сумма', 'с', 'ндс'])
    """
    return [word.casefold().replace("ё", "е") for word in _SPLIT.findall(_OTHERS.sub(" ", heading))]


def means(heading: str, name: str) -> bool:
    """Whether a heading means one of our columns."""
    rule = RULES.get(name)
    if rule is None or _FIELDS.search(heading):
        return False
    words = words_of(heading)
    if name == "amount" and not (_is_with_tax(words) and _is_after_discount(words)):
        return False
    if any(_has(words, stem) for stem in rule.bans.split()):
        return False
    return all(any(_has(words, stem) for stem in group.split()) for group in rule.needs)


def _has(words: list[str], stem: str) -> bool:
    if stem.endswith("."):
        return stem[:-1] in words
    return any(word.startswith(stem) for word in words)


def _is_with_tax(words: list[str]) -> bool:
    """Whether a heading says with or without tax, if it speaks of tax: not ``Сумма НДС``."""
    return not any(word.startswith(_TAX) for word in words) or bool((_AFTER | _BEFORE) & {*words})


def _is_after_discount(words: list[str]) -> bool:
    """Whether a heading speaks of no discount, or of the sum that is left after it."""
    places = [place for place, word in enumerate(words) if word.startswith(_DISCOUNT)]
    return all(_AFTER & {*words[:place]} and not _BEFORE & {*words[:place]} for place in places)


def id_rank(heading: str) -> int:
    """Whether a heading asks for a number or a code rather than for a name."""
    words = words_of(heading)
    return int(any(_has(words, stem) for stem in _NUMBERED.split()))


def looks_like_periods(headings: list[str]) -> bool:
    """Whether most columns are months, weeks or days: a table written crosswise."""
    from playbook.data.date_evidence import is_date
    from playbook.data.written_dates import MONTH_NAME

    name = re.compile(rf"(?:{MONTH_NAME})\.?(?:\W*\d{{2,4}})?(?: ?г\.?)?|(?:20)\d{{2}}|q[1-4].*")
    n = sum(is_date(h) or bool(name.fullmatch(h.strip().casefold())) for h in headings)
    return n >= 3 and n * 2 >= len(headings)


def looks_like_stock(headings: list[str]) -> bool:
    """Whether a table counts goods: on hand, in a warehouse, by article."""
    words = {word for heading in headings for word in words_of(heading)}
    goods = ("остат", "stock", "артикул", "sku", "склад", "штрих", "barcode", "номенклатур")
    return any(word.startswith(("остат", "stock", "hand")) for word in words) and any(
        word.startswith(goods) for word in words
    )

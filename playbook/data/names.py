"""By what names tills and their people call our columns, in English and in Russian."""

from __future__ import annotations

from functools import cache, lru_cache

from playbook.data.names_beside import NAMES as BESIDE

# Compared without case, spaces and signs: "Номер_чека", "№ чека" and "номер чека" are one.
NAMES: dict[str, str] = {
    "receipt_id": """
        receipt; receipt no; receipt nr; receipt number; receipt code; check; check id; check no;
        check number; basket; basket id; transaction; transaction id; transaction no;
        transaction number; trans id; order; order id; order no; order number; invoice;
        invoice id; invoice no; invoice number; ticket; ticket id; ticket no; bill; bill id;
        bill no;
        чек; номер чека; № чека; n чека; код чека; ид чека; id чека; чек номер; чек №; чек id;
        идентификатор чека; транзакция; номер транзакции; id транзакции; ид транзакции;
        заказ; номер заказа; № заказа; id заказа; номер документа; № документа""",
    "at": """
        date; date time; time stamp; ts; day; transaction timestamp; transaction time;
        transaction date; transaction datetime; trans date; purchase date; purchase datetime;
        purchase time; receipt date; receipt time; receipt datetime; order date; order datetime;
        invoice date; sale date; sales date; check date; ticket date; sold at; created at;
        дата; дата чека; дата и время; дата время; дата/время; дата и время чека;
        дата время чека; дата покупки; дата и время покупки; дата продажи; дата и время продажи;
        дата операции; дата и время операции; дата транзакции; дата документа; дата заказа;
        день; время покупки; момент покупки; дата закрытия; время закрытия; время закрытия чека;
        дата закрытия чека; дата и время закрытия; closed at; closing time""",
    "store_id": """
        store; store no; store nr; store number; store code; shop; shop id; shop no; shop code;
        outlet; outlet id; outlet code; branch; branch id; branch code; location; location id;
        location code; point of sale; pos id;
        магазин; код магазина; номер магазина; № магазина; ид магазина; id магазина; магазин код;
        магазин id; торговая точка; код торговой точки; номер торговой точки; тт; код тт;
        номер тт; id тт; точка продаж; код точки; филиал; код филиала; подразделение;
        код подразделения; ресторан; код ресторана; торговое предприятие; предприятие; аптека;
        код аптеки; склад магазина; объект; код объекта""",
    "customer_id": """
        customer; customer no; customer nr; customer number; customer code; client; client id;
        client no; client code; card; card id; card no; card nr; card number; loyalty card;
        loyalty id; loyalty card id; loyalty card no; loyalty card number; household; household id;
        household key; member; member id; member no; member number; user id; buyer; buyer id;
        shopper id; guest id;
        клиент; код клиента; номер клиента; № клиента; ид клиента; id клиента; клиент id; карта;
        номер карты; № карты; код карты; ид карты; id карты; карта клиента;
        номер карты клиента; карта лояльности; номер карты лояльности; № карты лояльности;
        дисконтная карта; номер дисконтной карты; № дисконтной карты; бонусная карта;
        номер бонусной карты; штрихкод карты; покупатель; код покупателя; номер покупателя;
        ид покупателя; id покупателя; участник; id участника; гость; id гостя""",
    "amount": """
        sales value; sales amount; sale amount; sales; sum; total; total amount; receipt amount;
        receipt total; receipt sum; check amount; check total; basket value; basket total;
        basket amount; order amount; order total; transaction amount; transaction value;
        net amount; net sales; turnover; spend; payment amount;
        сумма; сумма чека; сумма по чеку; чек сумма; сумма покупки; сумма продажи; сумма продаж;
        сумма документа; сумма заказа; сумма операции; сумма транзакции; сумма со скидкой;
        сумма без ндс; сумма к оплате; итого; итог; итоговая сумма; выручка; оборот;
        товарооборот; стоимость; оплачено""",
    "region": "region name; регион; область; округ; дивизион",
    "format": "store format; shop format; store type; формат; формат магазина; тип магазина",
    "size_m2": """
        size; area; sales area; store size; square; площадь; площадь магазина; торговая площадь;
        площадь м2; площадь кв м; торговая площадь м2; торговая площадь кв м""",
    "x_km": "x; x coordinate; координата x; координата x км",
    "y_km": "y; y coordinate; координата y; координата y км",
    "latitude": """
        lat; geo lat; latitude degrees; широта; гео широта; координата широта; широта град""",
    "longitude": """
        lon; lng; long; geo lon; geo lng; longitude degrees; долгота; гео долгота;
        координата долгота; долгота град""",
    "week": "week start; monday; неделя; начало недели; понедельник",
    "segment": "customer segment; сегмент; сегмент клиента",
    "window_weeks": "window; окно; окно недель",
    "n_base": "base; customers before; база; клиентов в базе",
    "n_repeat": "repeat; customers repeated; повторных; вернулось",
}
CURRENCIES = ("руб", "рублей", "rub", "rur", "eur", "usd", "kzt", "byn")


@lru_cache(maxsize=10_000)
def plain(heading: str) -> str:
    """A heading without case, spaces and signs, so that spellings agree.

    Example:
        >>> plain("№ чека"), plain("Receipt_ID"), plain("Сумма, руб.")
        ('чека', 'receiptid', 'сумма')
    """
    signs = heading.casefold().replace("ё", "е").replace("№", "")
    letters = "".join(sign for sign in signs if sign.isalnum())
    for currency in CURRENCIES:
        if letters.endswith(currency) and letters != currency:
            return letters.removesuffix(currency)
    return letters or ("номер" if "№" in heading else "")


@cache
def names_of(column: str, table: str = "") -> frozenset[str]:
    """Every plain name of a column, our own included, and those it has in one table only."""
    keys = (column, f"{table}.{column}")
    known = ";".join(names.get(key, "") for names in (NAMES, BESIDE) for key in keys)
    others = (plain(name) for name in known.split(";"))
    return frozenset({plain(column), *others} - {""})

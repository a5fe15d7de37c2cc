import datetime as dt

import pytest

from playbook.engagement.exchange import read_files
from playbook.run import places
from playbook.strategy import kpi_checks
from playbook.strategy.kpis import KpiCard, Kpis, dictionary
from playbook.text import in_language

TODAY = dt.date(2025, 12, 28)
COMPLETE = {
    "id": "repeat_rate",
    "name": "Repeat rate",
    "question": "Do they come back?",
    "formula": "back / base",
    "grain": "shop, week",
    "source": "receipts",
    "includes": "cards",
    "excludes": "employees",
    "gaps": "left out",
    "owner": "Head of service",
    "cadence": "weekly",
    "direction": "up",
    "nature": "leading",
    "green": 0.72,
    "red": 0.70,
    "caveats": "late",
    "counter_metric": "margin",
    "gaming": "splitting receipts",
}
MARGIN = COMPLETE | {"id": "margin", "name": "Margin", "counter_metric": "repeat_rate"}


def found(*changes):
    """(rule, where) for the complete card with changes, beside a card of the margin."""
    cards = [KpiCard(**(COMPLETE | change)) for change in changes] + [KpiCard(**MARGIN)]
    return kpi_checks.check(Kpis(cards=cards), today=TODAY).rules()


def test_complete_cards_have_nothing_to_mend():
    assert found({}) == set()


@pytest.mark.parametrize(
    ("change", "rule"),
    [
        ({"formula": ""}, "no_formula"),
        ({"owner": ""}, "no_owner"),
        ({"source": ""}, "no_source"),
        ({"gaming": ""}, "no_gaming"),
        ({"grain": "", "caveats": ""}, "fields_empty"),
        ({"green": 72, "red": 70}, "percent_for_share"),
        ({"green": 0.70, "red": 0.72}, "limits_reversed"),
        ({"direction": "down"}, "limits_reversed"),
        ({"counter_metric": ""}, "no_counter_metric"),
        ({"counter_metric": "repeat_rate"}, "no_counter_metric"),
        ({"counter_metric": "happiness"}, "no_counter_metric"),
        ({"status": "retire"}, "retires_never"),
        ({"retire_date": dt.date(2025, 12, 27)}, "past_its_date"),
    ],
)
def test_a_planted_defect_is_found_by_its_own_check_alone(change, rule):
    assert found(change) - {("no_counter_metric", "Margin")} == {(rule, "Repeat rate")}


def test_two_formulas_under_one_name_are_found_whatever_the_case():
    other = {"id": "second", "name": "  repeat RATE", "formula": "coupons / letters"}
    assert found({}, other) == {("two_formulas", "Repeat rate")}


def test_one_id_on_two_cards_is_found():
    assert found({}, {"name": "Again"}) == {("id_twice", "Repeat rate")}


def test_a_dictionary_of_the_past_only_is_found():
    lagging = {"nature": "lagging"}
    cards = [KpiCard(**(COMPLETE | lagging)), KpiCard(**(MARGIN | lagging))]
    rules = kpi_checks.check(Kpis(cards=cards), today=TODAY).rules()
    assert rules == {("nothing_leads", "The dictionary")}


def test_more_than_25_kpis_are_too_many():
    many = [{"id": f"kpi_{i}", "name": f"KPI {i}"} for i in range(26)]
    assert ("too_many", "The dictionary") in found(*many)


def sample():
    path = places.sample() / "inputs" / "kpis.yaml"
    return Kpis(**next(e.payload["fields"] for e in read_files([path])))


def test_every_defect_planted_in_the_sample_is_found_and_nothing_else():
    planted = {
        ("two_formulas", "12-week repeat rate"),
        ("percent_for_share", "Gross margin"),
        ("limits_reversed", "Staff turnover"),
        ("no_counter_metric", "Complaints answered within 24 hours"),
        ("no_formula", "Visits per customer"),
        ("no_owner", "Basket of all buyers"),
        ("no_gaming", "Share of revenue with a card"),
        ("retires_never", "Cards issued"),
    }
    assert kpi_checks.check(sample(), today=TODAY).rules() == planted


def test_the_dictionary_tells_how_many_kpis_stay():
    kpis = sample()
    told = dictionary(kpis, checked=kpi_checks.check(kpis, today=TODAY))
    assert told.headline == "13 KPIs stay in force; 2 retire."
    assert told.n_to_mend == 8
    assert told.to_frame()["fate"].iloc[-1] == "retires on 30 Jun 2026"


def test_findings_show_the_worst_first():
    cards = [KpiCard(**(COMPLETE | {"grain": "", "owner": ""})), KpiCard(**MARGIN)]
    with in_language("en"):
        shown = kpi_checks.check(Kpis(cards=cards), today=TODAY)
        assert shown.to_frame()["severity"].tolist() == ["Mend", "Look again"]
        assert "1 thing must be mended" in shown.headline

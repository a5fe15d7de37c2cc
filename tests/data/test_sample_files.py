"""The files of data/sample, as they are shipped."""

from __future__ import annotations

import csv
import json
from datetime import datetime

import pandas as pd
import pytest
import yaml

from playbook.data.schema import TABLES, check
from playbook.data.tables import Tables
from playbook.pilot.charter import CharterDraft
from playbook.pilot.design import draw
from playbook.pilot.panel import rates
from playbook.run import build_sample, places
from playbook.scaling import waves
from playbook.scaling.rollout import Rollout

FOLDER = places.sample()


@pytest.fixture(scope="module")
def tables(tmp_path_factory):
    opened = Tables(tmp_path_factory.mktemp("cache"), FOLDER)
    yield opened
    opened.close()


def _document(kind):
    raw = yaml.safe_load((FOLDER / "inputs" / f"{kind.kind}.yaml").read_text(encoding="utf-8"))
    return kind.from_raw(raw, version=kind.version)


def test_the_sample_stays_small():
    assert sum(path.stat().st_size for path in FOLDER.glob("*.*")) < 9_000_000


# Tables that a company may bring and the sample chain does not have.
NOT_THERE = {"contacts", "costs", "customer_list", "margins", "store_calendar", "survey"}


def test_the_sample_has_every_table_but_a_few(tables):
    assert set(TABLES) - set(tables.names()) == NOT_THERE


@pytest.mark.parametrize("name", sorted(set(TABLES) - NOT_THERE - {"customers"}))
def test_every_table_is_what_the_dictionary_says(tables, name):
    check(tables.read(name), name)


def test_the_pairs_are_those_that_the_draft_of_the_charter_draws(tables):
    draft = _document(CharterDraft)
    history = rates(tables.read("repeat_rates"), window_weeks=12)
    zone = draw(draft, tables.read("stores"), history).assignment
    shipped = tables.read("pairs")
    assert zone["store_id"].tolist() == shipped["store_id"].tolist()
    assert zone["arm"].tolist() == shipped["arm"].tolist()
    assert shipped["region"].isin(["centre", "volga"]).all()


def test_the_waves_are_those_that_the_plan_draws(tables):
    pairs = tables.read("pairs")
    arms = {arm: tuple(part["store_id"]) for arm, part in pairs.groupby("arm")}
    planned = waves.plan(
        tables.read("stores"),
        rollout=_document(Rollout),
        treated=arms["treated"],
        control=arms["control"],
    ).assignment
    readings = tables.read("rollout_weeks").drop_duplicates("store_id")
    assert readings["wave"].tolist() == planned["wave"].tolist()
    assert readings["is_holdout"].tolist() == planned["is_holdout"].tolist()


def test_the_truth_names_the_stores_of_the_pilot(tables):
    truth = json.loads((FOLDER / "truth.json").read_text(encoding="utf-8"))
    pairs = tables.read("pairs")
    treated = set(pairs.loc[pairs["arm"] == "treated", "store_id"])
    assert set(truth["pilot"]["treated"]) == treated == set(truth["pilot"]["fidelity"])
    assert set(tables.read("fidelity")["store_id"]) == treated
    assert truth["realised"]["pilot"]["planted"] == pytest.approx(0.019)


def test_the_sampled_customers_have_their_truth_beside_them(tables):
    truth = tables.read("truth_customers")
    bought = set(tables.read("receipts")["customer_id"].dropna())
    assert bought == set(truth["customer_id"])
    assert set(truth.columns) == {"customer_id", "segment", "channel", "origin", "home_store"}
    assert truth["customer_id"].str.fullmatch(r"29\d{11}").all()


def test_the_tills_file_is_written_as_a_russian_till_writes():
    raw = (FOLDER / "receipts_till.csv").read_bytes()
    assert raw.startswith(b"\xef\xbb\xbf")
    rows = list(csv.reader(raw.decode("utf-8-sig").splitlines(), delimiter=";"))
    assert rows[0] == ["Номер чека", "Дата и время", "Магазин", "Карта", "Сумма"]
    assert 1_000 < len(rows) < 6_000
    first = datetime.strptime(rows[1][1], "%d.%m.%Y %H:%M")  # noqa: DTZ007 - a till has no zone
    assert first.year == 2025
    assert "," in rows[1][4]
    assert any(row[3] == "" for row in rows)


@pytest.mark.slow
def test_a_small_chain_is_built_from_end_to_end(tmp_path):
    chain = build_sample.sample.Chain(seed=3, customers=60_000)
    compared = build_sample.build(chain, work=tmp_path / "work", target=tmp_path / "to")
    written = {path.stem for path in (tmp_path / "to").glob("*.parquet")}
    assert {"stores", "pairs", "receipts", "repeat_segments", "rollout_weeks"} <= written
    assert {"customers active in 2025", "planted effect, mean of stores"} <= set(
        compared["quantity"]
    )
    retention = pd.read_parquet(tmp_path / "to" / "annual_retention.parquet")["kept_share"]
    assert retention.iloc[0] == pytest.approx(0.62, abs=0.015)

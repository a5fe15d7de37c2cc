"""The rules of the weekly board: colour and reason of every store, advice for the pilot."""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from typing import Any, Literal

import numpy as np
import pandas as pd

from playbook.pilot.charter import Charter
from playbook.pilot.guardrails import Guardrails
from playbook.text import gettext as _
from playbook.text.numbers import number, percent

DONE_GREEN = 0.70
DONE_RED = 0.50
READ_WEEKS = 4
WEAK_STORES_STOP = 0.5  # share of red stores from which the pilot is not carried out

Advice = Literal["continue", "fix", "stop"]


def arrived(charter: Charter, store_weeks: pd.DataFrame, *, until: pd.Timestamp) -> np.ndarray:
    """Per store: share of the weeks since the start that have data."""
    week = pd.to_datetime(store_weeks["week"])
    since = store_weeks.loc[(week >= pd.Timestamp(charter.start)) & (week < until)]
    have = since.groupby(since["store_id"].astype(str))["week"].nunique()
    n = (until - pd.Timestamp(charter.start)).days // 7
    return have.reindex(charter.assignment["store_id"]).fillna(0).to_numpy(float) / n


def done(charter: Charter, fidelity: pd.DataFrame, *, until: pd.Timestamp) -> np.ndarray:
    """Per pilot store: share carried out in the last weeks; missing for control stores."""
    week = pd.to_datetime(fidelity["week"])
    recent = fidelity.loc[(week < until) & (week >= until - pd.Timedelta(weeks=READ_WEEKS))]
    done = recent.groupby(recent["store_id"].astype(str))["done_share"].mean()
    known = done.reindex(charter.assignment["store_id"]).to_numpy(float)
    is_treated = (charter.assignment["arm"] == "treated").to_numpy()
    return np.where(is_treated, known, np.nan)


def worst(charter: Charter, guardrails: Guardrails) -> list[str]:
    """Per store: the worst colour of its guardrails."""
    order = ["unknown", "green", "amber", "red"]
    worst = guardrails.stores.groupby("store_id")["state"].agg(lambda s: max(s, key=order.index))
    return [str(worst.get(store, "unknown")) for store in charter.assignment["store_id"]]


def open_issues(charter: Charter, issues: pd.DataFrame, *, until: pd.Timestamp) -> np.ndarray:
    """Per store: issues of its own that are open at the end of the week."""
    is_open = (pd.to_datetime(issues["opened"]) < until) & ~(
        pd.to_datetime(issues["closed"]) < until
    )
    own = issues.loc[is_open & issues["store_id"].notna(), "store_id"].astype(str).value_counts()
    return own.reindex(charter.assignment["store_id"]).fillna(0).to_numpy(int)


def judge(row: Mapping[Hashable, Any], guardrails: Guardrails, *, has_log: bool) -> tuple[str, str]:
    """Colour and reason of one store."""
    arrived, done = float(row["arrived_share"]), float(row["done_share"])
    is_treated = row["arm"] == "treated"
    names = _guard_names(str(row["store_id"]), guardrails)
    checks = [
        (arrived < 1, "red", _("{share} of the weeks have data").format(share=percent(arrived))),
        (is_treated and has_log and np.isnan(done), "red", _("no checklist")),
        (
            is_treated and done < DONE_RED,
            "red",
            _("{share} carried out").format(share=percent(done)),
        ),
        (row["guardrail"] == "red", "red", names),
        (
            is_treated and DONE_RED <= done < DONE_GREEN,
            "amber",
            _("{share} carried out").format(share=percent(done)),
        ),
        (row["guardrail"] == "amber", "amber", names),
    ]
    fired = [(state, reason) for is_so, state, reason in checks if is_so]
    if not fired:
        return "green", ""
    state = "red" if any(one == "red" for one, _reason in fired) else "amber"
    return state, "; ".join(reason for _state, reason in fired)


def _guard_names(store: str, guardrails: Guardrails) -> str:
    """The guardrails of a store that are not in green, with their readings."""
    own = guardrails.stores.loc[
        (guardrails.stores["store_id"] == store) & guardrails.stores["state"].isin(["amber", "red"])
    ]
    rows = guardrails.table.set_index("id")
    return ", ".join(
        f"{rows.loc[one, 'name']}: "
        + (percent(value, 1) if bool(rows.loc[one, "is_relative"]) else number(value, 1))
        for one, value in zip(own["id"], own["value"], strict=True)
    )


def advice(table: pd.DataFrame) -> Advice:
    """Stop where half of the pilot stores are in red, fix where any store is not in green."""
    treated = table.loc[table["arm"] == "treated"]
    if (treated["state"] == "red").mean() >= WEAK_STORES_STOP:
        return "stop"
    return "continue" if (table["state"] == "green").all() else "fix"

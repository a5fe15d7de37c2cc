"""What the generated chain turned out to be, beside the story: truth.json and decisions.md."""

from __future__ import annotations

import dataclasses
import datetime as dt
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pandas as pd

from playbook.data import engine
from playbook.data import sample_truth as story
from playbook.data.sample_launch import Launch
from playbook.data.sample_pilot import PilotPlan, dose
from playbook.data.sample_rollout import Rollout
from playbook.run.build_sample_files import ONE_IN, every_receipt
from playbook.text import in_language
from playbook.text.numbers import number, percent, points

if TYPE_CHECKING:
    from playbook.data.sample import Chain
    from playbook.run.build_sample import History

BEGIN, END = "<!-- sample chain: begin -->", "<!-- sample chain: end -->"
_LAST_YEAR = ("2024-12-30", "2025-12-29")  # 52 weeks
_DIGITS = 6


def measure(
    work: Path,
    chain: Chain,
    history: History,
    plan: PilotPlan,
    tables: dict[str, pd.DataFrame],
    segments: pd.DataFrame,
    *,
    n_pilot: int,
) -> dict[str, Any]:
    """Measure the generated chain.

    Args:
        work: Where its receipts lie.
        chain: Its seed and size.
        history: What was known before the pilot.
        plan: The pilot.
        tables: The tables of the sample.
        segments: What is planted about each customer.
        n_pilot: Receipts of the pilot's weeks.
    """
    with engine.duck(work) as connection:
        connection.register("planted", segments)
        year = connection.sql(_year_sql(work)).df().iloc[0]
        per_segment = connection.sql(_segments_sql(work)).df().set_index("segment")
    return {
        "rows": {"history": history.n_rows, "pilot": n_pilot},
        "retention": float(history.retention["kept_share"]),
        **_flows(per_segment),
        "year": {key: float(value) for key, value in year.items()},
        "segments": _segments(per_segment),
        "repeat": _repeat(tables["repeat_rates"]),
        "pilot": _pilot(tables, plan, chain),
    }


def _year_sql(work: Path) -> str:
    """Sums of 2025 over all receipts."""
    return f"""
        SELECT sum(amount) AS revenue,
               sum(amount) FILTER (customer_id IS NOT NULL) AS card_revenue,
               count(*) FILTER (amount > 0 AND customer_id IS NOT NULL) AS card_visits,
               avg(CAST(amount < 0 AS INT)) AS return_share
        FROM {every_receipt(work)}
        WHERE "at" >= TIMESTAMP '{_LAST_YEAR[0]}' AND "at" < TIMESTAMP '{_LAST_YEAR[1]}'
    """


def _segments_sql(work: Path) -> str:
    """Customers, visits and money per planted segment, in 2024 and 2025."""
    return f"""
        WITH each AS (
            SELECT customer_id,
                   count(*) FILTER (amount > 0 AND "at" < TIMESTAMP '{_LAST_YEAR[0]}') AS before,
                   count(*) FILTER (amount > 0 AND "at" >= TIMESTAMP '{_LAST_YEAR[0]}') AS visits,
                   sum(amount) FILTER ("at" >= TIMESTAMP '{_LAST_YEAR[0]}') AS revenue
            FROM {every_receipt(work)}
            WHERE customer_id IS NOT NULL AND "at" < TIMESTAMP '{_LAST_YEAR[1]}'
            GROUP BY customer_id
        )
        SELECT segment,
               count(*) FILTER (before > 0) AS earlier,
               count(*) FILTER (visits > 0) AS active,
               count(*) FILTER (before > 0 AND visits > 0) AS kept,
               count(*) FILTER (before = 0 AND visits > 0 AND origin = 'won_back') AS won_back,
               sum(visits) AS visits,
               CAST(sum(revenue) AS DOUBLE) AS revenue
        FROM each JOIN planted USING (customer_id)
        GROUP BY segment
    """


def _flows(per_segment: pd.DataFrame) -> dict[str, float]:
    """Customers active, gained and lost from 2024 to 2025."""
    total = per_segment.sum()
    return {
        "active": float(total["active"]),
        "lost": float(total["earlier"] - total["kept"]),
        "gained": float(total["active"] - total["kept"]),
        "won_back": float(total["won_back"]),
    }


def _segments(per_segment: pd.DataFrame) -> dict[str, dict[str, float]]:
    """Share, retention, visits and margin per segment."""
    found = pd.DataFrame(
        {
            "share": per_segment["active"] / per_segment["active"].sum(),
            "retention": per_segment["kept"] / per_segment["earlier"],
            "visits": per_segment["visits"] / per_segment["active"],
            "margin": story.CONTRIBUTION_SHARE * per_segment["revenue"] / per_segment["active"],
        }
    )
    order = [segment.id for segment in story.SEGMENTS]
    rounded = found.loc[order].round(_DIGITS)
    return {
        key: dict(zip(rounded.columns, row, strict=True))
        for key, row in zip(order, rounded.to_numpy(float).tolist(), strict=True)
    }


def _rates(repeat_rates: pd.DataFrame) -> pd.DataFrame:
    """Twelve-week repeat rates: one row per anchor, one column per store."""
    chosen = repeat_rates[repeat_rates["window_weeks"] == 12]
    rated = chosen.assign(rate=chosen["n_repeat"] / chosen["n_base"])
    return rated.pivot_table(index="week", columns="store_id", values="rate")


def _repeat(repeat_rates: pd.DataFrame) -> dict[str, float]:
    """The chain's repeat rate and its spread between stores."""
    chosen = repeat_rates[repeat_rates["window_weeks"] == 12]
    total = chosen.groupby("week")[["n_repeat", "n_base"]].sum()
    chain = total["n_repeat"] / total["n_base"]
    last_year = slice("2025-01-01", "2025-10-06")  # no window reaches into the pilot
    return {
        "mean_2025": float(chain.loc[last_year].mean()),
        "at_pilot": float(chain.loc[_anchor()]),
        "sd_between_stores": float(_rates(repeat_rates).std(axis=1).loc[last_year].mean()),
    }


def _anchor() -> pd.Timestamp:
    """The pilot's anchor: the end of the burn-in."""
    return pd.Timestamp(story.PILOT_START + dt.timedelta(weeks=story.BURN_IN_WEEKS))


def _pilot(tables: dict[str, pd.DataFrame], plan: PilotPlan, chain: Chain) -> dict[str, Any]:
    """The planted effect and what the pairs show of it."""
    rate = pd.Series(_rates(tables["repeat_rates"]).loc[_anchor()])
    pairs = tables["pairs"]
    wide = pairs.assign(rate=pairs["store_id"].map(rate.to_dict())).pivot_table(
        index="pair", columns="arm", values="rate"
    )
    gap = wide["treated"] - wide["control"]
    planted = dose(plan, chain.stores)
    return {
        "planted": float(planted.store_effect.mean()),
        "planted_by_segment": dict(
            zip(
                [segment.id for segment in story.SEGMENTS],
                planted.segment_effect.round(_DIGITS).tolist(),
                strict=True,
            )
        ),
        "planted_by_store": dict(
            zip(plan.treated, planted.store_effect.round(_DIGITS).tolist(), strict=True)
        ),
        "base_share_by_segment": dict(
            zip(
                [segment.id for segment in story.SEGMENTS],
                planted.base_share.mean(axis=0).round(_DIGITS).tolist(),
                strict=True,
            )
        ),
        "pair_differences": gap.round(_DIGITS).to_dict(),
        "difference": float(gap.mean()),
        "sd_of_pair_differences": float(gap.std()),
        "correlation_within_pairs": 1 - float(gap.std()) ** 2 / 2 / float(rate.std()) ** 2,
    }


def truth(chain: Chain, plan: PilotPlan, launched: Launch, found: dict[str, Any]) -> dict[str, Any]:
    """Everything that is planted, and what the generated chain shows of it."""
    rollout = Rollout()
    return {
        "chain": {"seed": chain.seed, "future": chain.future, "customers": chain.customers},
        "sample": {"one_in": ONE_IN, "of": "customers, and receipts without a card"},
        "planted": {
            "segments": [dataclasses.asdict(segment) for segment in story.SEGMENTS],
            "stocks_end_2025": {
                "virgin": story.VIRGIN_CUSTOMERS,
                "active": story.ACTIVE_CUSTOMERS,
                "lapsed": story.LAPSED_CUSTOMERS,
            },
            "win_back_share": story.WIN_BACK_SHARE,
            "harvest_share": story.HARVEST_SHARE,
            "card_share": story.CARD_SHARE,
            "return_share": story.RETURN_SHARE,
            "repeat_rate": story.REPEAT_RATE,
        },
        "pilot": {
            "start": plan.start.isoformat(),
            "weeks": plan.weeks,
            "burn_in_weeks": plan.burn_in_weeks,
            "treated": list(plan.treated),
            "control": list(plan.control),
            "fidelity": dict(plan.fidelity),
            "weak_stores": list(launched.weak),
            "stores_with_queues": list(launched.queues),
            "store_that_splits": launched.split,
        },
        "rollout": {
            "effect": rollout.effect,
            "effects": dict(rollout.effects),
            "wave_starts": {str(wave): day.isoformat() for wave, day in rollout.starts().items()},
            "data_to": rollout.data_to.isoformat(),
        },
        "realised": found,
    }


def comparison(found: dict[str, Any]) -> pd.DataFrame:
    """How close the chain came to the story: ``quantity``, ``story``, ``sample``."""
    with in_language("en"):
        rows = [*_rows_of_chain(found), *_rows_of_segments(found), *_rows_of_pilot(found)]
    return pd.DataFrame(rows, columns=["quantity", "story", "sample"])


def _rows_of_chain(found: dict[str, Any]) -> list[tuple[str, str, str]]:
    year, repeat = found["year"], found["repeat"]
    active, visits = found["active"], year["card_visits"]
    return [
        ("customers active in 2025", number(story.ACTIVE_CUSTOMERS), number(active)),
        ("lost from 2024 to 2025", "608,000", number(found["lost"])),
        ("gained from 2024 to 2025", "600,000", number(found["gained"])),
        ("of them won back", "222,000", number(found["won_back"])),
        ("annual retention, 52-week years", "62 %", percent(found["retention"], 1)),
        (
            "visits per active customer",
            number(story.VISITS_PER_YEAR, 1),
            number(visits / active, 2),
        ),
        ("money per visit, RUB", number(story.BASKET), number(year["card_revenue"] / visits)),
        ("revenue per active customer, RUB", "9,828", number(year["card_revenue"] / active)),
        (
            "sales with a card",
            percent(story.CARD_SHARE),
            percent(year["card_revenue"] / year["revenue"], 1),
        ),
        ("revenue of 2025, bn RUB", "21.84", number(year["revenue"] / 1e9, 2)),
        (
            "revenue per store and week, m RUB",
            "1.75",
            number(year["revenue"] / 240 / 52 / 1e6, 2),
        ),
        ("returns, share of receipts", "1 %", percent(year["return_share"], 2)),
        ("12-week repeat rate, mean of 2025", "71 %", percent(repeat["mean_2025"], 1)),
        ("the same at the pilot's anchor", "71 %", percent(repeat["at_pilot"], 1)),
        (
            "its SD between stores, pp",
            "2.4",
            number(100 * repeat["sd_between_stores"], 2),
        ),
    ]


def _rows_of_segments(found: dict[str, Any]) -> list[tuple[str, str, str]]:
    rows = []
    for segment in story.SEGMENTS:
        seen = found["segments"][segment.id]
        rows.append(
            (
                f"{segment.id}: share, retention, margin in RUB",
                f"{percent(segment.share)}, {percent(segment.retention)}, {number(segment.margin)}",
                f"{percent(seen['share'], 1)}, {percent(seen['retention'], 1)}, "
                f"{number(seen['margin'])}",
            )
        )
    return rows


def _rows_of_pilot(found: dict[str, Any]) -> list[tuple[str, str, str]]:
    pilot = found["pilot"]
    by_segment = ", ".join(points(pilot["planted_by_segment"][s.id]) for s in story.SEGMENTS)
    return [
        ("planted effect, mean of stores", points(story.PILOT_EFFECT), points(pilot["planted"], 2)),
        (
            "planted per segment (" + ", ".join(s.id for s in story.SEGMENTS) + ")",
            ", ".join(points(s.effect) for s in story.SEGMENTS),
            by_segment,
        ),
        ("difference of the twelve pairs", "+1.90 pp", points(pilot["difference"], 2)),
        (
            "SD of the pair differences, pp",
            "1.80",
            number(100 * pilot["sd_of_pair_differences"], 2),
        ),
        (
            "correlation within pairs, against all stores",
            number(story.PAIR_CORRELATION, 1),
            number(pilot["correlation_within_pairs"], 2),
        ),
    ]


def write_section(path: Path, compared: pd.DataFrame) -> None:
    """Put the comparison between its marks into a Markdown file that has them."""
    lines = ["| quantity | story | sample |", "| --- | --- | --- |"]
    lines += [f"| {' | '.join(row)} |" for row in compared.itertuples(index=False)]
    before, _, rest = path.read_text(encoding="utf-8").partition(BEGIN)
    _, _, after = rest.partition(END)
    path.write_text(before + "\n".join([BEGIN, *lines, END]) + after, encoding="utf-8")

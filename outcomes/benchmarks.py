"""How teams, agencies, states and the nation compare: frames of accepted figures in, frames of rates out.

For workers only: whatever the web process imports does not import this. A quarter is a whole number, `Quarter.index`
(year * 4 + number - 1), so that neighbours differ by one. What was not collected is missing (NA), and takes its team
out of that one rate, above and below the line. A quarter without a report is a gap (NaN), never a zero.

Every frame that comes back has, for each place, quarter and measure:
numerator, denominator   sums over the teams in the figure
weighted                 the one divided by the other
mean, median, q1, q3     of the teams' own rates, each team once; quartiles as PostgreSQL's percentile_cont
n                        teams in the figure
not_collected            team-quarters that reported, but not all that this rate needs
undefined                team-quarters that reported a 0 to divide by
reported, expected       team-quarters; `completeness` is the one divided by the other
quarters, window         how many of the `window` last calendar quarters are in the figure
Source: domain reference 3.4.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from outcomes.averages import ROLLING_QUARTERS
from outcomes.rates import FORMULAS

__all__ = ["ROLLING_QUARTERS", "by_agency", "by_state", "by_team", "correlation", "nation", "penetration"]

PLACE = ["state_id", "agency_id", "team_id"]
CORE = ["served", "employed", "in_school", "in_education", "job_starts"]
CORE += ["transitioned_working", "transitioned_unemployed", "specialist_fte"]
RESULT = ["numerator", "denominator", "weighted", "mean", "median", "q1", "q3", "n", "not_collected"]
RESULT += ["undefined", "reported", "expected", "completeness", "quarters", "window"]
NEED = ["state_id", "quarter", "measure", "numerator", "denominator", "weighted", "n", "reported", "expected"]
NEED += ["completeness", "eligible_since", "source"]
SHARES = {"q1": 0.25, "median": 0.5, "q3": 0.75}
FEWEST_PAIRS = 10  # fewer teams say nothing about how fidelity and employment go together
DECIMALS = 2  # of every number that is added up, so that a sum of FTE is what the database adds up

Sum = Mapping[str, int]  # columns with their sign
Floats = npt.NDArray[np.float64]

RATIOS: Mapping[str, tuple[Sum, Sum]] = {
    formula.key: (formula.above, formula.below) for formula in FORMULAS if formula.below
}

COLUMNS = (*CORE, "closed_successful_vr", "vr_closures")


@dataclass(frozen=True)
class Association:
    """Pearson's r over `n` pairs; None with fewer than ten, or where one side does not vary."""

    r: float | None
    n: int


def by_team(rows: pd.DataFrame, expected: pd.DataFrame, *, window: int = 1) -> pd.DataFrame:
    """Of one team every average is the team's own rate."""
    return _compared(_team_quarters(rows, expected), PLACE, window)


def by_agency(rows: pd.DataFrame, expected: pd.DataFrame, *, window: int = 1) -> pd.DataFrame:
    return _compared(_team_quarters(rows, expected), ["state_id", "agency_id"], window)


def by_state(rows: pd.DataFrame, expected: pd.DataFrame, *, window: int = 1) -> pd.DataFrame:
    """`rows` are accepted figures, `expected` the team-quarters that are due; `window` is 1 or ROLLING_QUARTERS."""
    return _compared(_team_quarters(rows, expected), ["state_id"], window)


def nation(
    rows: pd.DataFrame, expected: pd.DataFrame, opted_in: Collection[object], *, window: int = 1
) -> pd.DataFrame:
    """All teams of the states that share. `states` says how many states have a team in the figure."""
    joined = _team_quarters(rows, expected)
    return _compared(joined[joined["state_id"].isin(list(opted_in))], [], window)


def penetration(rows: pd.DataFrame, expected: pd.DataFrame, eligible: pd.DataFrame) -> pd.DataFrame:
    """People served of the people eligible, by state and quarter.

    `eligible` has state_id, quarter (from which on the number holds), people and source. A quarter takes the newest
    number up to then; before the first there is none.
    """
    found = _served(_team_quarters(rows, expected)).sort_values("quarter", kind="stable")
    kinds = {"quarter": "int64", "people": "float64", "state_id": found["state_id"].dtype}
    dated = eligible.astype(kinds).rename(columns={"people": "denominator", "quarter": "eligible_since"})
    found = pd.merge_asof(
        found,
        dated.sort_values("eligible_since", kind="stable"),
        left_on="quarter",
        right_on="eligible_since",
        by="state_id",
    )
    found["weighted"] = found["numerator"] / found["denominator"].where(found["denominator"] > 0)
    found["measure"] = "penetration"
    return found[NEED].sort_values(["state_id", "quarter"], kind="stable", ignore_index=True)


def correlation(pairs: pd.DataFrame) -> Association:
    """How far the columns `fidelity_total` and `employment_rate` go together; one row a team."""
    known = pairs[["fidelity_total", "employment_rate"]].astype("float64").dropna()
    varies = all(known[column].nunique() > 1 for column in known)
    if len(known) < FEWEST_PAIRS or not varies:
        return Association(None, len(known))
    return Association(float(known["fidelity_total"].corr(known["employment_rate"])), len(known))


def _team_quarters(rows: pd.DataFrame, expected: pd.DataFrame) -> pd.DataFrame:
    """Every report, and a row without figures for each that is due and missing. Who reported was expected."""
    absent = [column for column in [*PLACE, "quarter", *CORE] if column not in rows]
    if absent:
        raise ValueError(f"Accepted rows lack {', '.join(absent)}.")
    if rows.duplicated(["team_id", "quarter"]).any():
        raise ValueError("A team has two accepted reports of one quarter.")
    due = expected[[*PLACE, "quarter"]].drop_duplicates(["team_id", "quarter"])
    there = pd.MultiIndex.from_frame(rows[["team_id", "quarter"]])
    missing = due[~pd.MultiIndex.from_frame(due[["team_id", "quarter"]]).isin(there)]
    figures = rows[[column for column in COLUMNS if column in rows]].astype("Float64").astype("float64")
    reported = pd.concat([rows[[*PLACE, "quarter"]], figures], axis=1).assign(reported=1)
    pieces = [piece for piece in (reported, missing.assign(reported=0)) if len(piece)]
    joined = pd.concat(pieces or [reported], ignore_index=True)
    return joined.reindex(columns=reported.columns).astype(
        {"quarter": "int64", **dict.fromkeys(figures, "float64")}
    )


def _compared(joined: pd.DataFrame, keys: Sequence[str], window: int) -> pd.DataFrame:
    collected = {
        key: (above, below) for key, (above, below) in RATIOS.items() if {*above, *below} <= {*joined}
    }
    parts = [_parts(joined, above, below).assign(measure=key) for key, (above, below) in collected.items()]
    group = [*keys, "quarter", "measure"]
    found = _summary(_spread_over(pd.concat(parts, ignore_index=True), window), group, window)
    extra = [] if "state_id" in keys else ["states"]
    return found[[*group, *RESULT, *extra]].sort_values(group, ignore_index=True)


def _parts(joined: pd.DataFrame, above: Sum, below: Sum) -> pd.DataFrame:
    """Above and below the line for each team and quarter; both missing where there is no rate."""
    parts = joined[[*PLACE, "quarter", "reported"]].copy()
    over, under = _added(joined, above), _added(joined, below)
    has_both = over.notna() & under.notna()
    used = has_both & (under > 0)
    parts["above"], parts["below"] = over.where(used), under.where(used)
    parts["used"] = used
    parts["undefined"] = has_both & ~used
    parts["not_collected"] = parts["reported"].astype(bool) & ~has_both
    return parts


def _added(joined: pd.DataFrame, columns: Sum) -> "pd.Series[float]":
    """A sum with one part missing is missing: left out, the part would count as 0."""
    return sum((joined[column] * sign for column, sign in columns.items()), start=joined["reported"] * 0.0)


def _spread_over(parts: pd.DataFrame, window: int) -> pd.DataFrame:
    """Each quarter's row under every quarter whose window it lies in; none beyond the newest there is."""
    newest = parts["quarter"].max()
    moved = [parts.assign(measured=parts["quarter"], quarter=parts["quarter"] + on) for on in range(window)]
    whole = pd.concat(moved, ignore_index=True)
    return whole[whole["quarter"] <= newest]


def _summary(parts: pd.DataFrame, group: list[str], window: int) -> pd.DataFrame:
    found = parts.groupby(group, as_index=False).agg(
        not_collected=("not_collected", "sum"),
        undefined=("undefined", "sum"),
        reported=("reported", "sum"),
        expected=("reported", "size"),
    )
    used = parts[parts["used"]]
    per_team = _divided(used, [*group, "team_id"])
    pieces = [_divided(used, group), _spread(per_team, group), _distinct(used, group, "measured", "quarters")]
    if "state_id" not in group:
        pieces.append(_distinct(used, group, "state_id", "states"))
    for piece in pieces:
        found = found.merge(piece, on=group, how="left")
    counts = [column for column in ("n", "quarters", "states") if column in found]
    found[counts] = found[counts].fillna(0).astype("int64")
    found["completeness"] = found["reported"] / found["expected"]
    return found.assign(window=window)


def _divided(used: pd.DataFrame, group: list[str]) -> pd.DataFrame:
    sums = used.groupby(group, as_index=False).agg(numerator=("above", "sum"), denominator=("below", "sum"))
    for column in ("numerator", "denominator"):
        sums[column] = sums[column].round(DECIMALS)
    return sums.assign(weighted=sums["numerator"] / sums["denominator"])


def _spread(per_team: pd.DataFrame, group: list[str]) -> pd.DataFrame:
    """Mean and quartiles of the teams' rates. Sorted first, so that the order of the rows changes no digit."""
    ordered = per_team.sort_values([*group, "weighted"])
    found = ordered.groupby(group, as_index=False).agg(n=("weighted", "size"))
    values = ordered["weighted"].to_numpy(dtype="float64")
    sizes = found["n"].to_numpy()
    starts = np.cumsum(sizes) - sizes
    if len(values):
        found["mean"] = np.add.reduceat(values, starts) / sizes
        found["mean"] = found["mean"].clip(values[starts], values[starts + sizes - 1])
    else:
        found["mean"] = values
    for name, share in SHARES.items():
        found[name] = _percentile(values, starts, sizes, share)
    return found


def _percentile(values: Floats, starts: Any, sizes: Any, share: float) -> Floats:
    """PostgreSQL's percentile_cont, in its own order of operations: equal to the last digit."""
    place = share * (sizes - 1)
    low, high = np.floor(place).astype(int), np.ceil(place).astype(int)
    bottom, top = values[starts + low], values[starts + high]
    result: Floats = bottom + (place - low) * (top - bottom)
    return result


def _distinct(used: pd.DataFrame, group: list[str], column: str, name: str) -> pd.DataFrame:
    once = used[[*group, column]].drop_duplicates()
    return once.groupby(group, as_index=False).agg(**{name: (column, "size")})


def _served(joined: pd.DataFrame) -> pd.DataFrame:
    group = ["state_id", "quarter"]
    served = joined.assign(counted=joined["served"].notna())
    found = served.groupby(group, as_index=False).agg(
        n=("counted", "sum"), reported=("reported", "sum"), expected=("reported", "size")
    )
    sums = served.groupby(group)["served"].sum(min_count=1).rename("numerator").reset_index()
    found = found.merge(sums, on=group)
    return found.assign(completeness=found["reported"] / found["expected"])

"""What one workload cost beside its floor, and whether that meets its goal."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

GROWTH = 1.2  # the most a page may cost more with forty times the reviews


@dataclass(frozen=True)
class Result:
    """One line of the bench. What is measured at two sizes shows the dearer one; `queries` has both."""

    workload: str
    what: str
    ours: float
    floor: float
    goal: float
    unit: str = "ms"
    beside: str = ""  # what the floor is
    at_least: bool = False  # the goal is a rate to reach, not a cost to stay below
    queries: tuple[int, ...] = ()
    budget: int | None = None
    growth: float | None = None
    broken: str = ""  # a promise beside the figures that was not kept

    @property
    def ratio(self) -> float:
        return self.ours / self.floor


def misses(result: Result) -> tuple[str, ...]:
    """Why a result is not good enough; nothing when it is."""
    found = []
    short = result.ratio < result.goal if result.at_least else result.ratio > result.goal
    if short:
        found.append(f"ratio {result.ratio:.2f}, goal {result.goal:g}")
    if len(set(result.queries)) > 1:
        found.append(f"SQL grows: {_counts(result.queries)}")
    if result.budget is not None and max(result.queries, default=0) > result.budget:
        found.append(f"{max(result.queries)} SQL, at most {result.budget}")
    if result.growth is not None and result.growth > GROWTH:
        found.append(f"grows by {result.growth:.2f}, at most {GROWTH:g}")
    if result.broken:
        found.append(result.broken)
    return tuple(found)


HEADINGS = ("", "workload", "ours", "floor", "ratio", "goal", "SQL", "growth", "met")


def table(results: Sequence[Result]) -> str:
    lines = [HEADINGS, *(_cells(result) for result in results)]
    widths = [max(len(line[column]) for line in lines) for column in range(len(HEADINGS))]
    return "\n".join(
        "  ".join(
            cell.ljust(width) if column in (0, 1, 8) else cell.rjust(width)
            for column, (cell, width) in enumerate(zip(line, widths, strict=True))
        ).rstrip()
        for line in lines
    )


def _cells(result: Result) -> tuple[str, ...]:
    missed = misses(result)
    beside = f" / {result.beside}" if result.beside else ""
    sign = "≥" if result.at_least else "≤"
    return (
        result.workload,
        result.what + beside,
        f"{result.ours:,.2f} {result.unit}",
        f"{result.floor:,.2f}",
        f"{result.ratio:.2f}",
        f"{sign} {result.goal:g}",
        _counts(result.queries) + (f" ≤ {result.budget}" if result.budget is not None else ""),
        f"{result.growth:.2f}" if result.growth is not None else "",
        "no: " + "; ".join(missed) if missed else "yes",
    )


def _counts(queries: tuple[int, ...]) -> str:
    return " → ".join(map(str, queries))


def as_json(results: Sequence[Result]) -> str:
    return json.dumps([_object(result) for result in results], indent=1, ensure_ascii=False)


def _object(result: Result) -> dict[str, Any]:
    missed = misses(result)
    return {
        "workload": result.workload,
        "what": result.what,
        "ours": round(result.ours, 3),
        "floor": round(result.floor, 3),
        "unit": result.unit,
        "ratio": round(result.ratio, 3),
        "goal": result.goal,
        "queries": list(result.queries),
        "growth": None if result.growth is None else round(result.growth, 3),
        "met": not missed,
        "missed": list(missed),
    }

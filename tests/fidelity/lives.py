"""Lives of teams for the tests of the lifecycle: short words for what happened and when."""

from collections.abc import Iterable
from datetime import date

from fidelity.lifecycle import (
    Created,
    Decided,
    Fact,
    Kind,
    Policies,
    Reviewed,
    Standing,
    Started,
    standing_of,
)
from fidelity.policy import FidelityPolicy
from fidelity.scales import load

CODES = load("ips25-2008").codes
POSSIBLE = load("ips25-2008").possible


def day(text: str) -> date:
    return date.fromisoformat(text)


def always(policy: FidelityPolicy) -> Policies:
    return lambda _: policy


def rated(total: int) -> dict[str, int]:
    """25 ratings of that total, as even as they can be."""
    each, more = divmod(total, len(CODES))
    return {code: each + (place < more) for place, code in enumerate(CODES)}


def created(on: str) -> Created:
    return Created(day(on))


def began(on: str) -> Started:
    return Started(day(on))


def review(
    ended: str, total: int, *, issued: str = "", kind: str = "external", ratings: dict[str, int] | None = None
) -> Reviewed:
    """Issued on its last day unless told otherwise."""
    return Reviewed(
        key=f"{kind} {ended}",
        kind=kind,
        ended_on=day(ended),
        issued_on=day(issued or ended),
        total=total,
        ratings=rated(total) if ratings is None else ratings,
        possible=POSSIBLE,
    )


def awaited(ended: str) -> Reviewed:
    return Reviewed(key=f"external {ended}", kind="external", ended_on=day(ended), possible=POSSIBLE)


def filed(on: str, total: int = 70) -> Reviewed:
    return review(on, total, kind="self")


def decision(on: str, kind: Kind, until: str = "", number: int = 0, of: str = "") -> Decided:
    return Decided(day(on), kind, day(until) if until else None, number, of)


def stands(policy: FidelityPolicy, today: str, facts: Iterable[Fact]) -> Standing:
    return standing_of(facts, policies=always(policy), today=day(today))

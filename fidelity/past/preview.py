"""All rows of a file beside each other and beside what the portal has: which would become reviews, which not, and why.

An error keeps a row out; a warning lets it in and wants somebody to look.
"""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from fidelity.past.editions import Edition, Editions
from fidelity.past.reading import told
from fidelity.past.rows import Reviewed, Row, read_rows
from fidelity.policy import FidelityPolicy
from fidelity.scales import Scale
from ips_portal.importing.lines import OfLines
from ips_portal.importing.matching import Roster
from ips_portal.importing.remarks import Remark, Weight, in_order, is_wrong
from ips_portal.importing.staging import Staged

A = {"external": "an", "guided_self": "a", "self": "a"}
NAMES = {"external": "external review", "guided_self": "guided self-review", "self": "self-review"}


class Outcome(StrEnum):
    GOOD = "good"
    THERE = "there"  # the portal has this review already
    SKIPPED = "skipped"  # a total, or a hidden row
    WRONG = "wrong"


@dataclass(frozen=True)
class Stands:
    """A review the portal has, as far as a row is compared with it."""

    team_id: int
    kind: str
    starts_on: date
    ends_on: date
    status: str  # in words
    total: int | None = None


@dataclass(frozen=True)
class Known:
    """What the portal knows around a file. `policies` gives the policy in force on a day."""

    roster: Roster[Reviewed]
    editions: Editions
    reviews: Mapping[int, Sequence[Stands]]  # by team, but for cancelled ones
    policies: Callable[[date], FidelityPolicy]
    today: date


@dataclass(frozen=True)
class PastReview:
    """What a good row becomes."""

    team: Reviewed
    edition: Edition
    kind: str
    place: str
    starts_on: date
    ends_on: date
    reported_on: date | None
    ratings: Mapping[str, int]


@dataclass(frozen=True)
class Line:
    number: int
    outcome: Outcome
    team: Reviewed | None
    remarks: tuple[Remark, ...]
    review: PastReview | None = None


@dataclass(frozen=True)
class Preview(OfLines[Line]):
    staged: Staged
    lines: tuple[Line, ...]
    takes_hidden: bool

    @property
    def reviews(self) -> tuple[PastReview, ...]:
        """Those that would be there, the earliest first: a report tells of the reviews before it."""
        found = [line.review for line in self.of(Outcome.GOOD) if line.review]
        return tuple(sorted(found, key=lambda each: (each.ends_on, each.team.id, each.kind)))

    @property
    def counts(self) -> dict[str, int]:
        return self.counted(Outcome)

    @property
    def is_all_good(self) -> bool:
        return not self.of(Outcome.WRONG)


def preview(staged: Staged, known: Known, *, takes_hidden: bool = False) -> Preview:
    rows = read_rows(staged, known.roster, known.editions, known.today, takes_hidden=takes_hidden)
    twice = told_twice(rows)
    return Preview(
        staged, tuple(judge(row, twice.get(row.row.number, ""), known) for row in rows), takes_hidden
    )


def told_twice(rows: Iterable[Row]) -> dict[int, str]:
    """By number of the row: the rows that are about the same review. Nobody knows which of them counts."""
    by_review: dict[tuple[int, str], list[Row]] = {}
    for row in rows:
        if row.team and row.kind and row.starts_on and row.ends_on and not row.is_skipped:
            by_review.setdefault((row.team.id, row.kind), []).append(row)
    found = {}
    for alike in by_review.values():
        for row in alike:
            same = [each for each in alike if meets(row, each)]
            if len(same) > 1 and row.team and row.starts_on:
                numbers = [str(each.row.number) for each in same]
                which = f"{', '.join(numbers[:-1])} and {numbers[-1]}"
                found[row.row.number] = (
                    f"Rows {which} are {'both' if len(same) == 2 else 'all'} for the {NAMES[row.kind]} of "
                    f"{row.team.name} around {told(row.starts_on)}. Keep one."
                )
    return found


def meets(one: Row | Stands, other: Row | Stands) -> bool:
    """Do the two visits share a day?"""
    if one.starts_on is None or one.ends_on is None or other.starts_on is None or other.ends_on is None:
        return False
    return one.starts_on <= other.ends_on and other.starts_on <= one.ends_on


def judge(row: Row, twice: str, known: Known) -> Line:
    number, remarks = row.row.number, list(row.remarks)
    if row.is_skipped:
        return Line(number, Outcome.SKIPPED, None, tuple(remarks))
    if twice:
        remarks.append(Remark(number, None, Weight.ERROR, twice))
    stands = [each for each in known.reviews.get(row.team.id, ()) if meets(row, each)] if row.team else []
    if there := next((each for each in stands if each.kind == row.kind), None):
        remarks = [Remark(number, None, Weight.SKIPPED, is_there(there, row))]
        return Line(number, Outcome.THERE, row.team, tuple(remarks))
    remarks += [Remark(number, None, Weight.WARNING, text) for text in warnings(row, stands, known)]
    if is_wrong(remarks):
        return Line(number, Outcome.WRONG, row.team, in_order(remarks, is_taken=False))
    return Line(number, Outcome.GOOD, row.team, in_order(remarks, is_taken=True), review_of(row))


def review_of(row: Row) -> PastReview:
    """Of a row without an error, which says all of it."""
    if row.team is None or row.edition is None or row.starts_on is None or row.ends_on is None:
        raise ValueError("A row with gaps is no review.")
    return PastReview(
        row.team,
        row.edition,
        row.kind,
        row.place,
        row.starts_on,
        row.ends_on,
        row.reported_on,
        row.ratings,
    )


def is_there(there: Stands, row: Row) -> str:
    differs = there.total is not None and row.is_whole and there.total != row.total
    total = f" with a total of {there.total}; the file gives {row.total}" if differs else ""
    return (
        f"The portal has this {NAMES[there.kind]} of {told(there.starts_on)} already: {there.status.lower()}{total}. "
        "The row was left out."
    )


def warnings(row: Row, stands: Collection[Stands], known: Known) -> Iterable[str]:
    """What is unusual, and may be right."""
    for each in stands:
        yield f"The portal has {A[each.kind]} {NAMES[each.kind]} of the same days. Look whether the two are one."
    team, first = row.team, row.starts_on
    if team and first and team.started_on and first < team.started_on:
        yield f"{team.name} began on {told(team.started_on)}, after this review. Look whether team and day are right."
    if team and first and team.ended_on and first >= team.ended_on:
        yield f"{team.name} closed on {told(team.ended_on)}, before this review. Look whether team and day are right."
    if row.edition and row.ends_on and not rules_are_for(row.edition.scale, known.policies(row.ends_on)):
        policy, scale = known.policies(row.ends_on), row.edition.scale
        part = f" in {scale.part}" if scale.part else ""
        yield (
            f"Totals of {scale.key} end at {scale.possible}{part}, and the rules of that day ask for "
            f"{policy.thresholds.good} and more. The review is kept with its band; it moves no standing."
        )


def rules_are_for(scale: Scale, policy: FidelityPolicy) -> bool:
    return policy.measures(scale.possible, scale.leads)

"""One row of a file -> a past review, or what to look at in it.

A total counts only with every item rated (domain reference 1.3, R2), and is worked out from the ratings, never taken
from the file: what the state had noted is compared with it.
"""

from collections.abc import Callable, Collection, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import TypeVar

from fidelity.past import reading
from fidelity.past.columns import (
    AGENCY,
    FIRST,
    KIND,
    LABELS,
    LAST,
    PLACE,
    REPORTED,
    SCALE,
    TEAM,
    TOTAL,
    of_item,
)
from fidelity.past.editions import Edition, Editions, NotAScale
from fidelity.past.reading import Number, Unread, told
from fidelity.scales import Item
from ips_portal.importing.cells import AROUND
from ips_portal.importing.matching import NotATeam, Roster
from ips_portal.importing.remarks import (
    Gathered,
    Remark,
    Weight,
    check_width,
    is_an_error,
    is_wrong,
    leave_out,
)
from ips_portal.importing.staging import Staged, StagedRow

LONGEST_VISIT = timedelta(days=31)
T = TypeVar("T")
NAMED_AT_ONCE = 5  # items without a rating that are named


@dataclass(frozen=True)
class Reviewed:
    """A team of the state. `slug` is its name in addresses."""

    id: int
    name: str
    slug: str
    agency: str
    started_on: date | None = None
    ended_on: date | None = None
    partners: tuple[str, ...] = ()


@dataclass(frozen=True)
class Row:
    """What a row says; None, blank or left out where it does not say it rightly. `is_skipped`: it is no review."""

    row: StagedRow
    remarks: tuple[Remark, ...]
    team: Reviewed | None = None
    edition: Edition | None = None
    kind: str = ""
    place: str = ""
    starts_on: date | None = None
    ends_on: date | None = None
    reported_on: date | None = None
    ratings: Mapping[str, int] = field(default_factory=dict)
    is_skipped: bool = False

    @property
    def is_whole(self) -> bool:
        return not self.is_skipped and not is_wrong(self.remarks)

    @property
    def total(self) -> int:
        """As the portal counts it: of the leading part, where its scale has a total per part."""
        items = self.edition.scale.counted if self.edition else ()
        return sum(self.ratings.get(item.code, 0) for item in items)


def read_rows(
    staged: Staged, roster: Roster[Reviewed], editions: Editions, today: date, *, takes_hidden: bool
) -> tuple[Row, ...]:
    return tuple(
        read_row(staged, row, roster, editions, today, takes_hidden=takes_hidden) for row in staged.rows
    )


def read_row(
    staged: Staged,
    row: StagedRow,
    roster: Roster[Reviewed],
    editions: Editions,
    today: date,
    *,
    takes_hidden: bool,
) -> Row:
    gathered = Gathered(staged, row)
    is_known = roster.knows(gathered.text(TEAM))
    if leave_out(gathered, team=TEAM, agency=AGENCY, is_known=is_known, takes_hidden=takes_hidden):
        return Row(row, tuple(gathered.remarks), is_skipped=True)
    if is_empty(gathered):
        gathered.say(Weight.SKIPPED, "The row names no review and was left out.")
        return Row(row, tuple(gathered.remarks), is_skipped=True)
    check_width(gathered)
    team = team_of(gathered, roster)
    kind = cell(gathered, KIND, reading.kind) or ""
    place = cell(gathered, PLACE, reading.place) or ""
    starts_on, ends_on = days_of(gathered, today)
    reported_on = report_of(gathered, ends_on, today)
    edition = edition_of(gathered, editions, starts_on)
    ratings = ratings_of(gathered, edition) if edition else {}
    check_total(gathered, edition, ratings)
    return Row(
        row,
        tuple(gathered.remarks),
        team=team,
        edition=edition,
        kind=kind,
        place=place,
        starts_on=starts_on,
        ends_on=ends_on,
        reported_on=reported_on,
        ratings=ratings,
    )


def teams_named(staged: Staged, roster: Roster[Reviewed]) -> set[int]:
    """The teams the rows are about, whatever else stands in them."""
    found = set()
    for row in staged.rows:
        with suppress(NotATeam):
            found.add(roster.match(staged.cell(row, TEAM), staged.cell(row, AGENCY)).id)
    return found


def is_empty(gathered: Gathered) -> bool:
    """A row of the template that nobody filled in: a team and a scale, and nothing about a review."""
    filled = {
        column.key for column in gathered.staged.layout.columns if gathered.text(column.key).strip(AROUND)
    }
    return TEAM in filled and filled <= {TEAM, AGENCY, SCALE}


def cell(gathered: Gathered, key: str, read: Callable[[str], T]) -> T | None:
    """What `read` makes of a cell; what it cannot read is said there."""
    if is_an_error(gathered, key):
        return None
    try:
        return read(gathered.text(key))
    except Unread as problem:
        gathered.say(Weight.ERROR, str(problem), key)
    return None


def number(gathered: Gathered, key: str, read: Callable[[str], Number | None]) -> int | None:
    found = cell(gathered, key, read)
    if found is None:
        return None
    if found.notice:
        gathered.say(Weight.NOTICE, found.notice, key)
    return found.value


def team_of(gathered: Gathered, roster: Roster[Reviewed]) -> Reviewed | None:
    name = gathered.text(TEAM)
    if is_an_error(gathered, TEAM):
        return None
    if not name.strip():
        gathered.say(Weight.ERROR, "Say which team was reviewed.", TEAM)
        return None
    try:
        return roster.match(name, gathered.text(AGENCY))
    except NotATeam as problem:
        gathered.say(Weight.ERROR, str(problem), TEAM)
    return None


def day_in(gathered: Gathered, key: str) -> date | None:
    found, typed = cell(gathered, key, reading.day), gathered.text(key)
    if found and reading.reads_both_ways(typed):
        gathered.say(Weight.NOTICE, f"{typed.strip(AROUND)} was read as {told(found)}.", key)
    return found


def days_of(gathered: Gathered, today: date) -> tuple[date | None, date | None]:
    """The first and the last day of the visit; a visit of one day has no last day in the file."""
    first, last = day_in(gathered, FIRST), day_in(gathered, LAST)
    if first is None and not gathered.text(FIRST).strip(AROUND):
        gathered.say(Weight.ERROR, f"Say on which day the review began. {reading.HOW}", FIRST)
    if first is None:
        return None, None
    if last is None and gathered.text(LAST).strip(AROUND):
        return first, None  # said already: it is no day
    last = last or first
    if last < first:
        said = f"The last day ({told(last)}) is before the first ({told(first)}). Check both."
        gathered.say(Weight.ERROR, said, LAST)
    elif last - first > LONGEST_VISIT:
        said = f"A review lasts a few days; from {told(first)} to {told(last)} is more than a month. Check the year."
        gathered.say(Weight.ERROR, said, LAST)
    elif last > today:
        said = f"{told(last)} is still to come. Past reviews end today at the latest; schedule others in the portal."
        gathered.say(Weight.ERROR, said, LAST if gathered.text(LAST).strip(AROUND) else FIRST)
    return first, last


def report_of(gathered: Gathered, ends_on: date | None, today: date) -> date | None:
    """The day of the report, if it is known."""
    reported = day_in(gathered, REPORTED)
    if reported is None or ends_on is None:
        return reported
    if reported < ends_on:
        said = f"The report ({told(reported)}) is older than the last day of the visit ({told(ends_on)}). Check both."
        gathered.say(Weight.ERROR, said, REPORTED)
    elif reported > today:
        said = f"{told(reported)} is still to come. Enter the day of the report, or leave the cell empty."
        gathered.say(Weight.ERROR, said, REPORTED)
    return reported


def edition_of(gathered: Gathered, editions: Editions, on: date | None) -> Edition | None:
    if is_an_error(gathered, SCALE):
        return None
    try:
        found = editions.match(gathered.text(SCALE), on)
    except NotAScale as problem:
        gathered.say(Weight.ERROR, str(problem), SCALE)
        return None
    if on and on < found.effective_from:
        said = (
            f"The review is of {told(on)}, and {found.scale.key} is in use from {told(found.effective_from)} on. "
            "Look whether scale and day are right."
        )
        gathered.say(Weight.WARNING, said, SCALE)
    return found


def ratings_of(gathered: Gathered, edition: Edition) -> dict[str, int]:
    """Every item of the scale, and no other."""
    scale = edition.scale
    found: dict[str, int] = {}
    missing: list[Item] = []
    for item in scale.items:
        key = of_item(item.code)
        value = number(gathered, key, reading.rating)
        if value is not None:
            found[item.code] = value
        elif not gathered.text(key).strip(AROUND):
            missing.append(item)
    if missing:
        gathered.say(Weight.ERROR, unrated(missing, scale.key), of_item(missing[0].code))
    own = {of_item(code) for code in scale.codes}
    for column in gathered.staged.layout.columns:
        if is_foreign(column.key, own) and gathered.text(column.key).strip(AROUND):
            said = f"{scale.key} has no item {column.shown}. Empty the cell, or check the scale of the row."
            gathered.say(Weight.ERROR, said, column.key)
    return found


def is_foreign(key: str, own: Collection[str]) -> bool:
    return key not in LABELS and key not in own


def unrated(missing: list[Item], scale: str) -> str:
    named = ", ".join(item.code for item in missing[:NAMED_AT_ONCE])
    more = f" and {len(missing) - NAMED_AT_ONCE} more" if len(missing) > NAMED_AT_ONCE else ""
    return (
        f"Every item of {scale} needs a rating, and there is none for {named}{more}. A total counts only when all "
        "items are rated: enter what was rated, or leave the review out."
    )


def check_total(gathered: Gathered, edition: Edition | None, ratings: Mapping[str, int]) -> None:
    """Asked once every rating is there: before, any difference is only a consequence."""
    noted = number(gathered, TOTAL, reading.total)
    if edition is None or len(ratings) < len(edition.scale.items):
        return
    scale = edition.scale
    added = sum(ratings[item.code] for item in scale.counted)
    of = f" of {scale.part}" if scale.part else ""
    if noted is None and not gathered.text(TOTAL).strip(AROUND):
        gathered.say(Weight.NOTICE, f"No total is noted; the ratings{of} add up to {added}.")
    elif noted is not None and noted != added:
        said = f"The ratings{of} add up to {added}, and the total noted is {noted}. Check the ratings and the total."
        gathered.say(Weight.ERROR, said, TOTAL)

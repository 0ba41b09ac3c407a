"""Small funding plans, built by hand, and any plan that can be written down."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date
from typing import Any

from hypothesis import strategies as st

from funding.coverage import Gap, Limits, gaps
from funding.grid import (
    Authorization,
    Cell,
    Column,
    Element,
    Entry,
    Grid,
    Link,
    LinkKind,
    Method,
    Phase,
    Place,
    Presence,
    Status,
)

TODAY = date(2026, 11, 28)
LIMITS = Limits()
OUTREACH, INTERVIEWS, EMPLOYERS, COACHING, RIDES, SCHOOL, START = range(1, 8)
VR, MEDICAID, STATE, GRANT = range(11, 15)
PHASES = (
    Phase("engagement", "Engagement", before_job=True),
    Phase("job_development", "Job development", before_job=True, develops_jobs=True),
    Phase("job_supports", "Job supports", supports_jobs=True),
    Phase("education", "Supported education"),
    Phase("team_work", "Team and system work"),
    Phase("empty", "A phase without services"),
)
ELEMENTS = (
    Element(OUTREACH, "engagement", "Outreach"),
    Element(INTERVIEWS, "job_development", "Interview practice"),
    Element(EMPLOYERS, "job_development", "Meeting employers", without_person=True),
    Element(COACHING, "job_supports", "Coaching"),
    Element(RIDES, "job_supports", "Rides"),
    Element(SCHOOL, "education", "School applications"),
    Element(START, "team_work", "Start of a program", without_person=True, starts_up=True),
)
COLUMNS = (
    Column(VR, "vr", "Milestone payments"),
    Column(MEDICAID, "medicaid", "1915(i)"),
    Column(STATE, "state", "State general funds"),
    Column(GRANT, "other", "Grant"),
)
NO = Cell(status=Status.NO, checked_on=TODAY)


def pays(**said: Any) -> Cell:
    return Cell(**{"status": Status.PAYS, "method": Method.HOURLY, "checked_on": TODAY, **said})


def planned(**said: Any) -> Cell:
    return pays(status=Status.PLANNED, **said)


def row(element: int, **cells: Cell) -> dict[Place, Cell]:
    """What each payer says of the element; who is not named does not pay."""
    payers = {"vr": VR, "medicaid": MEDICAID, "state": STATE, "grant": GRANT}
    return {(element, key): cells.get(name, NO) for name, key in payers.items()}


def phase_rows(elements: Iterable[int], **cells: Cell) -> dict[Place, Cell]:
    return {place: cell for element in elements for place, cell in row(element, **cells).items()}


def plan(cells: Mapping[Place, Cell] | None = None, **parts: Any) -> Grid:
    """Medicaid and the state pay for everything by the hour, as different services; then what is said otherwise."""
    every = [element.key for element in ELEMENTS]
    sound = phase_rows(every, medicaid=pays(service_code="M1"), state=pays(service_code="S1"))
    grid = Grid(PHASES, ELEMENTS, COLUMNS, {**sound, **(cells or {})})
    return replace(grid, **parts)


def found(code: str, grid: Grid, limits: Limits = LIMITS) -> list[Gap]:
    return [gap for gap in gaps(grid, TODAY, limits) if gap.code == code]


def one(code: str, grid: Grid, limits: Limits = LIMITS) -> Gap:
    (gap,) = found(code, grid, limits)
    return gap


# --- any plan -------------------------------------------------------------------------------------------------
DAYS = st.none() | st.dates(date(2023, 1, 1), date(2030, 1, 1)) | st.sampled_from([date.min, date.max, TODAY])
TEXTS = st.text(st.characters(exclude_categories=["Cs"]), max_size=12)
WORDS = TEXTS | st.sampled_from(["sober for 90 days", "No sobriety period", "97535", " "])
COUNTS = st.none() | st.integers(0, 400)
KEYS = st.integers(1, 9)  # a few more than there are rows: what a bridge or a link points to may be gone
CELLS = st.builds(
    Cell,
    status=st.sampled_from(Status),
    method=st.sampled_from(Method),
    condition=WORDS,
    entry=st.sampled_from(Entry),
    limit_days=COUNTS,
    limit_times=COUNTS,
    limit=WORDS,
    presence=st.sampled_from(Presence),
    authorization=st.sampled_from(Authorization),
    service_code=WORDS,
    evidence_url=TEXTS,
    valid_from=DAYS,
    valid_to=DAYS,
    expected_on=DAYS,
    bridge=st.none() | KEYS,
    checked_on=DAYS,
)
PLACES = st.tuples(KEYS, KEYS)
LINKS = st.builds(Link, st.sampled_from(LinkKind), PLACES, PLACES, WORDS)


@st.composite
def grids(draw: st.DrawFn) -> Grid:
    flags = st.booleans()
    phases = tuple(
        Phase(f"phase {key}", draw(TEXTS), draw(flags), draw(flags), draw(flags))
        for key in range(draw(st.integers(0, 3)))
    )
    elements = tuple(
        Element(key, draw(st.sampled_from(phases)).key, draw(TEXTS), draw(flags), draw(flags))
        for key in range(1, 1 + draw(st.integers(0, 4 if phases else 0)))
    )
    columns = tuple(
        Column(key, draw(st.sampled_from(["vr", "medicaid", "state", "other", "lottery"])), draw(TEXTS))
        if draw(flags)
        else Column(key, "vr", draw(TEXTS), draw(TEXTS), draw(DAYS))
        for key in range(1, 1 + draw(st.integers(0, 4)))
    )
    cells = draw(st.dictionaries(PLACES, CELLS, max_size=12))
    return Grid(phases, elements, columns, cells, tuple(draw(st.lists(LINKS, max_size=4))))

"""What changed between two versions of a plan, in words."""

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given

from fidelity.comparing import Words
from funding.comparing import CellChanged, Changed, Difference, Linked, Named, compared
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
    Presence,
    Status,
)
from tests.funding.grids import (
    COLUMNS,
    ELEMENTS,
    GRANT,
    PHASES,
    SCHOOL,
    START,
    STATE,
    TODAY,
    VR,
    grids,
    pays,
    plan,
)

NOTED = Link(LinkKind.BRAIDING, (SCHOOL, VR), (SCHOOL, STATE), "Two services.")


def with_element(key: int, **changed: object) -> Grid:
    return plan(elements=tuple(replace(each, **changed) if each.key == key else each for each in ELEMENTS))


def with_column(key: int, **changed: object) -> Grid:
    return plan(columns=tuple(replace(each, **changed) if each.key == key else each for each in COLUMNS))


def test_a_plan_does_not_differ_from_itself() -> None:
    assert compared(plan(), plan()) == Difference()
    assert compared(plan(), replace(plan(), cells={**plan().cells, (99, VR): Cell()})) == Difference()


def test_rows_and_columns_come_and_go_by_their_key() -> None:
    more = plan(
        elements=(*ELEMENTS, Element(8, "education", "Study skills")),
        columns=(*COLUMNS, Column(15, "other", "Ticket to Work")),
        phases=(*PHASES, Phase("housing", "Housing")),
    )
    there = compared(plan(), more)
    assert there.elements.added == (Named(8, "Study skills"),)
    assert there.columns.added == (Named(15, "Ticket to Work"),)
    assert there.phases.added == (Named("housing", "Housing"),)
    back = compared(more, plan())
    assert back.elements.removed == there.elements.added
    assert back.columns.removed == there.columns.added
    assert back.phases.removed == there.phases.added
    assert (there.elements.removed, back.elements.added, there.cells) == ((), (), ())


def test_a_row_that_is_renamed_is_still_the_same() -> None:
    found = compared(plan(), with_element(SCHOOL, name="School and aid"))
    words = (Words("Name", "School applications", "School and aid"),)
    assert found == Difference(
        elements=replace(found.elements, changed=(Changed(SCHOOL, "School and aid", words),))
    )
    assert (found.elements.added, found.elements.removed) == ((), ())


@pytest.mark.parametrize(
    ("said", "words"),
    [
        ({"phase": "engagement"}, Words("Phase", "Supported education", "Engagement")),
        ({"without_person": True}, Words("Done without the person", "No", "Yes")),
        ({"starts_up": True}, Words("Pays for the start of a program", "No", "Yes")),
    ],
)
def test_what_a_row_says_of_itself_is_told(said: dict[str, object], words: Words) -> None:
    (row,) = compared(plan(), with_element(SCHOOL, **said)).elements.changed
    assert row.words == (words,)


@pytest.mark.parametrize(
    ("said", "words"),
    [
        ({"name": "Levy"}, Words("Name", "Grant", "Levy")),
        ({"payer": "vr"}, Words("Payer", "Other", "Vocational Rehabilitation")),
        ({"department": "Health"}, Words("Department", "Not said", "Health")),
        ({"ends_on": date(2027, 9, 30)}, Words("Money ends on", "Not said", "September 30, 2027")),
    ],
)
def test_what_a_column_says_of_itself_is_told(said: dict[str, object], words: Words) -> None:
    (column,) = compared(plan(), with_column(GRANT, **said)).columns.changed
    assert column.words == (words,)


def test_a_phase_that_is_renamed_is_told() -> None:
    renamed = plan(phases=(replace(PHASES[0], name="Intake"), *PHASES[1:]))
    (phase,) = compared(plan(), renamed).phases.changed
    assert phase == Changed("engagement", "Intake", (Words("Name", "Engagement", "Intake"),))


@pytest.mark.parametrize(
    ("said", "words"),
    [
        ({"status": Status.PARTLY}, Words("Does it pay?", "Pays", "Pays partly")),
        ({"method": Method.MILESTONE}, Words("How it pays", "By the hour", "Milestone")),
        ({"condition": "In a pilot"}, Words("On condition", "Not said", "In a pilot")),
        ({"entry": Entry.EVERYBODY}, Words("For whom", "Not said", "Everybody in IPS")),
        ({"limit_days": 90}, Words("Days after the job start", "Not said", "90")),
        ({"limit_times": 0}, Words("Times for one person", "Not said", "0")),
        ({"limit": "Six hours"}, Words("Another limit", "Not said", "Six hours")),
        ({"presence": Presence.NEEDED}, Words("The person", "Not said", "Must be there")),
        ({"authorization": Authorization.PRIOR}, Words("Authorization", "Not said", "Before the service")),
        ({"service_code": "97535"}, Words("Service code", "Not said", "97535")),
        (
            {"evidence_url": "https://a.example"},
            Words("Where it is written", "Not said", "https://a.example"),
        ),
        ({"valid_from": date(2026, 1, 5)}, Words("From", "Not said", "January 5, 2026")),
        ({"valid_to": TODAY}, Words("Until", "Not said", "November 28, 2026")),
        ({"expected_on": TODAY}, Words("Expected", "Not said", "November 28, 2026")),
        ({"bridge": GRANT}, Words("Who pays until then", "Not said", "Grant")),
        ({"bridge": 99}, Words("Who pays until then", "Not said", "A payer no longer in the plan")),
        ({"checked_on": None}, Words("Checked on", "November 28, 2026", "Not said")),
    ],
)
def test_each_thing_a_cell_says_is_told_in_words(said: dict[str, object], words: Words) -> None:
    place = (SCHOOL, VR)
    (cell,) = compared(plan({place: pays()}), plan({place: replace(pays(), **said)})).cells
    assert cell == CellChanged(
        Named(SCHOOL, "School applications"),
        Named(VR, "Vocational Rehabilitation (Milestone payments)"),
        (words,),
    )


def test_a_new_column_tells_what_its_cells_say() -> None:
    levy = Column(15, "other", "Levy")
    more = plan({(SCHOOL, 15): Cell(status=Status.PAYS)}, columns=(*COLUMNS, levy))
    (cell,) = compared(plan(), more).cells
    assert (cell.column, cell.words) == (Named(15, "Levy"), (Words("Does it pay?", "Not known", "Pays"),))
    assert compared(more, plan()).cells == ()


def test_a_bridge_that_was_renamed_is_no_change_of_the_cell() -> None:
    place = (SCHOOL, VR)
    before = plan({place: pays(bridge=GRANT)})
    after = replace(
        with_column(GRANT, name="Levy"), cells={**before.cells, place: pays(bridge=GRANT, limit="x")}
    )
    (cell,) = compared(before, after).cells
    assert cell.words == (Words("Another limit", "Not said", "x"),)


def test_cells_are_told_in_the_order_of_the_plan() -> None:
    before = plan()
    after = replace(before, cells={(START, VR): pays(), (SCHOOL, GRANT): pays(), (SCHOOL, VR): pays()})
    places = [
        (cell.element.key, cell.column.key) for cell in compared(replace(before, cells={}), after).cells
    ]
    assert places == [(SCHOOL, VR), (SCHOOL, GRANT), (START, VR)]


def test_links_come_and_go() -> None:
    there = compared(plan(), plan(links=(NOTED,)))
    linked = Linked(
        "Different services at the same time",
        "“School applications” paid by Vocational Rehabilitation (Milestone payments)",
        "“School applications” paid by State general funds",
        "Two services.",
    )
    assert (there.links_added, there.links_removed) == ((linked,), ())
    assert compared(plan(links=(NOTED,)), plan()).links_removed == (linked,)
    other_note = compared(plan(links=(NOTED,)), plan(links=(replace(NOTED, note="Three."),)))
    assert (other_note.links_added, other_note.links_removed) == (
        (replace(linked, note="Three."),),
        (linked,),
    )
    again = replace(NOTED, second=(START, STATE))
    (added,) = compared(plan(links=(NOTED,)), plan(links=(NOTED, again))).links_added
    assert added.second == "“Start of a program” paid by State general funds"


@pytest.mark.parametrize("at", [(99, VR), (SCHOOL, 99)])
def test_a_link_to_what_is_gone_is_told_too(at: tuple[int, int]) -> None:
    (gone,) = compared(plan(), plan(links=(replace(NOTED, first=at),))).links_added
    assert gone.first == "A place no longer in the plan"


@given(grids(), grids())
def test_any_two_plans_can_be_compared(before: Grid, after: Grid) -> None:
    there, back = compared(before, after), compared(after, before)
    assert there.elements.added == back.elements.removed
    assert there.columns.added == back.columns.removed
    assert there.links_added == back.links_removed
    assert compared(after, after) == Difference()

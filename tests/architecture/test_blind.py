"""T13: what one reviewer rates is seen by nobody else, on no page, in no history, by no statement, until finished."""

import pytest
from django.db import connection, transaction

from agencies import tenancy
from fidelity.actions import finishing
from fidelity.in_force import scale_of
from fidelity.models import Rating
from tests.architecture import routes
from tests.architecture.oracle import PEOPLE
from tests.architecture.visits import SHUT_OUT, UNSIGNED, Visits
from tests.architecture.world import LEAD, SECOND, rate_in_one_go

ADDRESSES = [
    route
    for route in routes.tenant_routes()
    if "GET" in route.door.actions and (not route.about or "review" in route.about)
]
OTHERS = {LEAD: SECOND, SECOND: LEAD}
# Every table that could hold a copy of what was rated.
SHADOWS = (
    "SELECT note FROM fidelity_rating",
    "SELECT values::text FROM agencies_change WHERE table_name = 'fidelity_rating'",
    "SELECT values::text FROM agencies_change",
    "SELECT found || recommendation FROM fidelity_itemreport",
    "SELECT strengths || overview || method || next_steps FROM fidelity_reviewtext",
    "SELECT snapshot::text FROM fidelity_edition",
    "SELECT subject || body FROM notices_message",
    "SELECT title || failure FROM reports_reportrequest",
)


def sheet_of(visits: Visits, author: str) -> str:
    return visits.world.own.secret(f"sheet{author}")


def test_no_page_shows_a_draft_rating_to_anybody_else(counted: Visits) -> None:
    """Every page of the review, and every list and log of the state, as everybody."""
    secrets = {author: sheet_of(counted, author).encode() for author in OTHERS}
    shown = []
    for route in ADDRESSES:
        for address in routes.addresses(route, counted.world.own, "own team"):
            for person in (*PEOPLE, *UNSIGNED, *SHUT_OUT) if address.variant in ("", "rating") else ():
                body = counted.ask(person, "GET", address.path).body
                shown += [
                    f"{person} sees the sheet of {author} on {address.path}"
                    for author, secret in secrets.items()
                    if secret in body and person != author
                ]
    assert shown == []


@pytest.mark.parametrize("author", OTHERS)
def test_the_author_does_see_it(counted: Visits, author: str) -> None:
    """So that the search above looks for something that is there."""
    path = f"/meridian/reviews/{counted.world.own.rating.public_id}/rate/"
    assert sheet_of(counted, author).encode() in counted.ask(author, "GET", path).body


@pytest.mark.parametrize("author", OTHERS)
@pytest.mark.parametrize("statement", SHADOWS)
def test_no_statement_reads_a_draft_rating_under_anybody_elses_context(
    visits: Visits, author: str, statement: str
) -> None:
    cast, secret = visits.world.cast.meridian, sheet_of(visits, author)
    for persona in cast.memberships:
        with tenancy.entered(cast.actor(persona)), connection.cursor() as cursor:
            cursor.execute(statement)
            seen = sum(secret in str(text) for (text,) in cursor.fetchall())
        if persona != author:
            assert seen == 0, persona
        elif "fidelity_rating" in statement:
            assert seen > 0, "the search looks for nothing"


@pytest.mark.parametrize("author", OTHERS)
def test_the_portal_itself_reads_no_draft_rating(visits: Visits, author: str) -> None:
    """Not even the system's context: a report made too early could only leak."""
    with tenancy.as_system(visits.world.cast.meridian.state.pk):
        assert not Rating.objects.filter(note=sheet_of(visits, author)).exists()


def test_nobody_writes_on_the_sheet_of_another(visits: Visits) -> None:
    cast = visits.world.cast.meridian
    for persona in cast.memberships:
        with transaction.atomic(), tenancy.entered(cast.actor(persona)), connection.cursor() as cursor:
            cursor.execute("UPDATE fidelity_rating SET score = 1 WHERE note <> ''")
            touched = cursor.rowcount
            cursor.execute("SELECT count(*) FROM fidelity_rating WHERE score = 1")
            (mine,) = cursor.fetchone() or (0,)
            transaction.set_rollback(True)
        assert touched == mine
        assert touched == 0 or persona in (LEAD, SECOND)


def test_a_finished_sheet_is_seen_once_all_are_finished_and_written_by_nobody(counted: Visits) -> None:
    cast, corner = counted.world.cast.meridian, counted.world.own
    items = len(scale_of(corner.rating).codes)

    def finished(author: str) -> dict[str, int]:
        """How many of the second one's ratings each then reads."""
        with tenancy.entered(cast.actor(author)) as by:
            codes = scale_of(corner.rating).codes[8:]
            rate_in_one_go(corner.rating, by, codes, sheet_of(counted, author))
            finishing.finish(corner.rating, by=by)
        seen = {}
        for persona in cast.memberships:
            with tenancy.entered(cast.actor(persona)):
                seen[persona] = Rating.objects.filter(note=sheet_of(counted, SECOND)).count()
        return {persona: count for persona, count in seen.items() if count}

    with transaction.atomic():
        assert finished(SECOND) == {SECOND: items}
        assert finished(LEAD) == {SECOND: items, LEAD: items}
        with tenancy.entered(cast.actor(SECOND)), connection.cursor() as cursor:
            cursor.execute(
                "UPDATE fidelity_rating SET score = 1 WHERE note = %s", [sheet_of(counted, SECOND)]
            )
            assert cursor.rowcount == 0
        transaction.set_rollback(True)


@pytest.mark.parametrize(
    "statement",
    [
        "SELECT strengths || overview || method || next_steps FROM fidelity_reviewtext",
        "SELECT found || recommendation FROM fidelity_itemreport",
    ],
)
def test_the_texts_of_a_draft_are_behind_the_second_wall(visits: Visits, statement: str) -> None:
    """Read by the state and by its reviewers; the agency's own people see them when the report is issued."""
    cast, corner = visits.world.cast.meridian, visits.world.own
    readers = set()
    for persona in cast.memberships:
        with tenancy.entered(cast.actor(persona)), connection.cursor() as cursor:
            cursor.execute(statement)
            if any(corner.secret("draftreport") in text for (text,) in cursor.fetchall()):
                readers.add(persona)
    assert readers == {"admin", "trainer", "second_trainer", "vr_liaison", "mh_liaison", "department_liaison"}


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE fidelity_reviewtext SET strengths = '' WHERE review_id = %s",
        "UPDATE fidelity_itemreport SET found = '' WHERE review_id = %s",
    ],
)
def test_no_statement_changes_an_issued_report(visits: Visits, statement: str) -> None:
    cast, corner = visits.world.cast.meridian, visits.world.own
    for persona in cast.memberships:
        with transaction.atomic(), tenancy.entered(cast.actor(persona)), connection.cursor() as cursor:
            cursor.execute(statement, [corner.issued.pk])
            assert cursor.rowcount == 0, persona
            transaction.set_rollback(True)

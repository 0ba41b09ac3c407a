"""A review from end to end as programs see it: schedule, rate, finish, write, issue, plan; and what each step costs."""

import json
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from agencies import tenancy
from agencies.actions import invitations, organizations, tokens
from agencies.actions.organizations import AgencyContact, AgencyProfile, TeamProfile
from agencies.actions.seats import Seat
from agencies.models import Change
from agencies.permissions import Role
from fidelity.in_force import scale_of
from fidelity.models import Rating, Review
from tests.cast import Cast, StateCast, make_cast
from tests.fidelity import reviews
from tests.fidelity.pages import draft, signed_in

RATED = {"score": 4, "note": "Seen.", "sources": ["INT"], "is_flagged": False, "version": 0}


@pytest.fixture
def cast(db: None) -> StateCast:
    both: Cast = make_cast()
    return both.meridian


class Program:
    """Asks with a token of one persona."""

    def __init__(self, cast: StateCast, persona: str) -> None:
        with cast.entered(persona) as by:
            until = cast.state.today() + timedelta(days=9)
            made = tokens.make(cast.state, name="Test", scope="write", expires_on=until, by=by)
        self.headers = {"Authorization": f"Bearer {made.secret}"}
        self.client = Client()

    def ask(self, method: str, path: str, body: Any = None) -> Any:
        text = json.dumps(body) if body is not None else ""
        address = f"/api/v1/meridian/{path}"
        return self.client.generic(
            method, address, text, content_type="application/json", headers=self.headers
        )

    def get(self, path: str) -> Any:
        answer = self.ask("GET", path)
        assert answer.status_code == 200, answer.content
        return answer.json()

    def send(self, method: str, path: str, body: Any = None, wanted: int = 200) -> Any:
        answer = self.ask(method, path, body)
        assert answer.status_code == wanted, answer.content
        return answer.json() if answer.content else None


def sheet(review: Review, **changed: Any) -> dict[str, Any]:
    return {"items": [RATED | {"item": code} | changed for code in scale_of(review).codes]}


def at(review: Review, page: str = "") -> str:
    return f"reviews/{review.public_id}/{page}"


# --- end to end -----------------------------------------------------------------------------------------------
def test_a_review_goes_from_its_date_to_its_plan_without_a_page(cast: StateCast) -> None:
    trainer, admin, leader = (Program(cast, persona) for persona in ("trainer", "admin", "leader"))
    today = cast.state.today()
    able = trainer.get("reviews/candidates/?team=north-one&kind=external")["able"]
    lead = next(each["membership"] for each in able if each["name"] == "Meridian Trainer")
    booking = {
        "team": "north-one",
        "kind": "external",
        "mode": "onsite",
        "starts_on": today.isoformat(),
        "ends_on": (today + timedelta(days=1)).isoformat(),
        "lead": lead,
    }

    made = trainer.send("POST", "reviews/", booking, 201)
    here = f"reviews/{made['id']}/"
    empty = trainer.get(f"{here}ratings/")["items"]
    rated = [RATED | {"item": each["item"], "score": 3, "sources": []} for each in empty]
    done = trainer.send("PUT", f"{here}ratings/", {"items": rated})
    assert done["progress"] | {"sections": {}} == {
        "rated": 25,
        "of": 25,
        "total_so_far": 75,
        "possible": 125,
        "flagged": 0,
        "sections": {},
        "parts": [],
    }
    assert trainer.send("POST", f"{here}finish/") == {"status": "draft_report"}

    draft = trainer.get(f"{here}report/")
    texts = {"method": "Two days.", "overview": "", "strengths": "Well known.", "next_steps": ""}
    items = [
        {
            "item": each["item"],
            "found": each["found"],
            "recommendation": "Agree on one step.",
            "is_priority": True,
        }
        for each in draft["items"]
    ]
    saved = trainer.send("PUT", f"{here}report/", texts | {"items": items, "version": draft["version"]})
    assert saved["version"] == draft["version"] + 1
    assert trainer.send("POST", f"{here}hand-over/")["told"] > 0
    assert trainer.ask("POST", f"{here}issue/", {"version": saved["version"]}).status_code == 403
    edition = admin.send("POST", f"{here}issue/", {"version": saved["version"]}, 201)
    assert (edition["number"], edition["snapshot"]["total"]) == (1, 75)
    assert leader.get(f"{here}editions/1/") == edition

    plan = leader.get(f"{here}plan/")
    for row in plan["rows"]:
        change = {
            "version": row["version"],
            "responsible": "Supervisor",
            "target_on": row["target_on"] or "2030-01-31",
        }
        leader.send("PUT", f"{here}plan/rows/{row['id']}/", change)
    read = leader.get(f"{here}plan/")["version"]
    assert leader.send("POST", f"{here}plan/use/", {"version": read})["status"] == "active"
    paper = leader.send("POST", f"{here}plan/pdf/", wanted=202)
    assert paper["id"] in [each["id"] for each in leader.get("files/?kind=action-plan")["results"]]
    assert leader.get(here)["status"] == "issued"
    assert leader.get(f"{here}history/?page_size=100")["count"] > len(plan["rows"])


# --- the same words as the pages, and versions ----------------------------------------------------------------
def test_a_rating_saved_meanwhile_is_answered_with_what_is_stored(cast: StateCast) -> None:
    review = reviews.scheduled(cast)
    trainer = Program(cast, "trainer")
    trainer.send("PUT", at(review, "ratings/ST1/"), RATED)
    assert trainer.send("PUT", at(review, "ratings/ST1/"), RATED)["version"] == 1  # a lost reply, sent again

    clash = trainer.ask("PUT", at(review, "ratings/ST1/"), RATED | {"score": 2})

    assert clash.status_code == 409
    assert (clash.json()["current"]["score"], clash.json()["current"]["version"]) == (4, 1)


def test_a_sheet_is_saved_whole_or_not_at_all(cast: StateCast) -> None:
    """G21 of the bad inputs: the place of each reason is named."""
    review = reviews.scheduled(cast)
    trainer = Program(cast, "trainer")
    trainer.send("PUT", at(review, "ratings/ST2/"), RATED)
    whole = sheet(review)
    whole["items"][3] |= {"score": 6}
    whole["items"][5] |= {"sources": ["XXX"]}

    bad = trainer.ask("PUT", at(review, "ratings/"), whole)
    clash = trainer.ask("PUT", at(review, "ratings/"), sheet(review, score=2, sources=[]))

    assert bad.status_code == 422
    assert set(bad.json()["fields"]) == {"items.3.score"}
    assert "whole number from 1 to 5" in bad.json()["fields"]["items.3.score"][0]
    assert clash.status_code == 409
    assert set(clash.json()["current"]) == {"ST2"}
    with cast.entered("trainer"):
        assert [row.item_code for row in Rating.objects.all()] == ["ST2"]


def test_a_sheet_saved_again_changes_nothing_and_later_versions_count_on(cast: StateCast) -> None:
    review = reviews.scheduled(cast)
    trainer = Program(cast, "trainer")
    first = trainer.send("PUT", at(review, "ratings/"), sheet(review, sources=[]))
    again = trainer.send("PUT", at(review, "ratings/"), sheet(review, sources=[]))
    changed = trainer.send("PUT", at(review, "ratings/"), sheet(review, sources=[], score=5, version=1))
    assert first == again
    assert {each["version"] for each in first["items"]} == {1}
    assert {(each["version"], each["score"]) for each in changed["items"]} == {(2, 5)}
    with cast.entered("trainer"):
        told = Change.objects.filter(table_name="fidelity_rating")
        assert [told.filter(kind=kind).count() for kind in ("insert", "update")] == [25, 25]


def test_the_api_refuses_in_the_words_of_the_page(cast: StateCast) -> None:
    review = reviews.scheduled(cast)
    answer = Program(cast, "trainer").ask("POST", at(review, "finish/"))
    assert answer.status_code == 422
    assert "25 of 25 items are not rated: 1 " in answer.json()["error"]
    taken = Program(cast, "leader").ask("GET", at(review, "ratings/"))
    assert taken.status_code == 404


def test_a_note_is_cleaned_as_on_the_page(cast: StateCast) -> None:
    review = reviews.scheduled(cast)
    Program(cast, "trainer").send("PUT", at(review, "ratings/ST1/"), RATED | {"note": "a\u00a0b\r\n\u200bc "})
    with cast.entered("trainer"):
        assert Rating.objects.get().note == "a b\nc "


def test_a_row_of_the_plan_is_saved_over_the_version_that_was_read(cast: StateCast) -> None:
    review = reviews.issued(cast)
    leader = Program(cast, "leader")
    row = leader.get(at(review, "plan/"))["rows"][0]
    here = at(review, f"plan/rows/{row['id']}/")
    saved = leader.send("PUT", here, {"version": row["version"], "note": "Begun.", "status": "in_progress"})
    assert (saved["steps"], saved["note"], saved["version"]) == (row["steps"], "Begun.", row["version"] + 1)
    clash = leader.ask("PUT", here, {"version": row["version"], "note": "Other."})
    assert (clash.status_code, clash.json()["current"]["note"]) == (409, "Begun.")
    assert leader.ask("DELETE", here).status_code == 204


def test_an_unknown_edition_is_hidden(cast: StateCast) -> None:
    review = reviews.issued(cast)
    leader = Program(cast, "leader")
    for number in (0, 2, 99999, 10**30):
        assert leader.ask("GET", at(review, f"editions/{number}/")).status_code == 404


# --- what it costs --------------------------------------------------------------------------------------------
def cost(program: Program, method: str, path: str, body: Any = None) -> list[str]:
    """Every statement of one request, the gate's own included; savepoints stand for the transaction of a request."""
    with CaptureQueriesContext(connection) as asked:
        answer = program.ask(method, path, body)
    assert answer.status_code == 200, answer.content
    return [each["sql"] for each in asked if not each["sql"].startswith(("SAVEPOINT", "RELEASE"))]


def is_work(sql: str) -> bool:
    """Everything but who asks: `set_config`, token, person, state, membership."""
    gate = ("set_config", "agencies_token_by_hash", "agencies_actors", '"agencies_state"."slug" =')
    return not any(mark in sql for mark in gate) and 'FROM "agencies_person" WHERE' not in sql


def test_one_item_needs_few_statements(cast: StateCast) -> None:
    """P1."""
    review = reviews.scheduled(cast)
    trainer = Program(cast, "trainer")
    trainer.send("PUT", at(review, "ratings/ST1/"), RATED)
    asked = cost(trainer, "PUT", at(review, "ratings/ST1/"), RATED | {"score": 5, "version": 1})
    work = [sql for sql in asked if is_work(sql)]
    assert len(work) <= 4, "\n".join(work)


def test_a_whole_sheet_is_one_statement_and_costs_the_same_for_one_item(cast: StateCast) -> None:
    """P2: 25 ratings in one request."""
    trainer = Program(cast, "trainer")
    counts = []
    for team, items in (("north_one", 25), ("north_two", 1)):
        review = reviews.scheduled(cast, team=team)
        body = {"items": sheet(review, sources=[])["items"][:items]}
        trainer.get("reviews/")
        asked = cost(trainer, "PUT", at(review, "ratings/"), body)
        work = [sql for sql in asked if is_work(sql)]
        assert len([sql for sql in work if "INSERT INTO fidelity_rating" in sql]) == 1
        assert len(work) <= 7, "\n".join(work)
        counts.append(len(asked))
    assert counts[0] == counts[1]


LISTS = [
    "reviews/",
    "teams/",
    "agencies/",
    "people/",
    "payers/",
    "files/",
    "messages/",
    "audit-log/?kind=team",
    "invitations/",
]


@pytest.mark.parametrize("path", LISTS)
def test_a_list_costs_the_same_however_long_it_is(cast: StateCast, path: str) -> None:
    admin = Program(cast, "admin")
    grow(cast, "north_one", centers=["One"])
    admin.get(path)
    few = cost(admin, "GET", path)
    for team in ("north_two", "south_one", "south_two"):
        grow(cast, team, centers=[f"{team} {number}" for number in range(4)])
    many = cost(admin, "GET", f"{path}{'&' if '?' in path else '?'}page_size=100")
    assert len(many) == len(few) <= 16, "\n".join(many)


def grow(cast: StateCast, team: str, centers: list[str]) -> None:
    """More of everything that the lists show."""
    reviews.issued(cast, team=team)
    with cast.entered("admin") as admin:
        for name in centers:
            profile, contact = AgencyProfile(name=f"Center {name}"), AgencyContact()
            agency = organizations.open_agency(cast.state, profile=profile, contact=contact, by=admin)
            organizations.open_team(
                agency,
                profile=TeamProfile(f"Team {name}", "preparing"),
                partners=[cast.agencies["north"], cast.agencies["south"]],
                populations=cast.populations,
                by=admin,
            )
            payer = organizations.add_payer(cast.state, name=f"Plan {name}", kind="", by=admin)
            organizations.contract(payer, agency=agency, starts_on=cast.state.today(), ends_on=None, by=admin)
            invitations.invite(
                cast.state,
                email=f"new.{name.replace(' ', '.')}@example.org",
                name="New",
                seat=Seat(Role.SUPERVISOR, agency),
                by=admin,
            )


def test_many_rows_of_a_plan_cost_what_few_cost(cast: StateCast) -> None:
    leader = Program(cast, "leader")
    few = reviews.issued(cast, score=5)
    many = reviews.issued(cast, score=2, team="north_two")
    with tenancy.entered(cast.actor("leader")):
        assert few.plans.get().rows.count() < many.plans.get().rows.count() == 25
    leader.get("reviews/")
    assert len(cost(leader, "GET", at(few, "plan/"))) == len(cost(leader, "GET", at(many, "plan/")))


# --- refusals and versions ---------------------------------------------------------------------------------------
@pytest.mark.parametrize("year", ["10000", "0", "999999999"])
def test_a_year_that_is_none_is_refused(cast: StateCast, year: str) -> None:
    answer = signed_in(cast, "admin").get(f"/api/v1/meridian/reviews/?year={year}")
    assert answer.status_code == 400


def test_the_version_of_a_draft_is_read_before_its_items(cast: StateCast) -> None:
    """A colleague may save between the two: the answer then shows newer texts under an older version, and a save over
    it is told so. The other way round it would overwrite them unseen."""
    review = draft(cast)
    with CaptureQueriesContext(connection) as asked:
        signed_in(cast, "trainer").get(f"/api/v1/meridian/{at(review, 'report/')}")
    tables = [sql["sql"].split(" FROM ")[1].split()[0] for sql in asked if " FROM " in sql["sql"]]
    read = [name for name in tables if name in ('"fidelity_reviewtext"', '"fidelity_itemreport"')]
    assert read.index('"fidelity_reviewtext"') < read.index('"fidelity_itemreport"')


@pytest.mark.parametrize(
    ("path", "method", "body", "field"),
    [
        ("plan/rows/", "POST", {"item": "ZZ"}, "item"),
        ("report/", "PUT", None, "items"),
    ],
)
def test_a_refusal_names_the_field_that_was_sent(
    cast: StateCast, path: str, method: str, body: Any, field: str
) -> None:
    review = draft(cast) if path == "report/" else reviews.issued(cast, years_ago=0)
    persona = "trainer" if path == "report/" else "leader"
    if body is None:
        text = {"found": "x", "recommendation": "y", "is_priority": False}
        body = {"method": "", "overview": "", "strengths": "", "next_steps": "", "version": 1}
        body["items"] = [{"item": "ZZ", **text}]
    client = signed_in(cast, persona)
    answer = client.generic(
        method, f"/api/v1/meridian/{at(review, path)}", json.dumps(body), content_type="application/json"
    )
    assert answer.status_code == 422
    assert list(answer.json()["fields"]) == [field]

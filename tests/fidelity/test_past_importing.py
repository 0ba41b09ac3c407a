"""A file of past reviews becomes issued reviews, which count like those of the portal, and may be taken back."""

from datetime import date
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from agencies import tenancy
from agencies.models import Change, Team
from agencies.refusals import NotPermitted, Unacceptable, WrongStatus
from fidelity.actions import deciding, importing
from fidelity.dashboards.listing import team_reviews
from fidelity.histories import standings
from fidelity.lifecycle import Position
from fidelity.models import ActionPlan, Decision, Edition, Review, Reviewer, ReviewImport
from fidelity.past.preview import Outcome
from fidelity.ratings import last_review
from fidelity.scales import load
from ips_portal.notices.models import Message
from tests.cast import StateCast, make_cast, refused
from tests.fidelity import reviews
from tests.fidelity.past import CODES, HEAD, csv_of, row

NORTH, SOUTH = "Meridian North Team One", "Meridian South Team One"


@pytest.fixture
def cast(db: None) -> StateCast:
    return make_cast().meridian


def upload(cast: StateCast, *rows: list[str], persona: str = "admin", name: str = "past.csv") -> ReviewImport:
    with reviews.acting(cast, persona) as by:
        return importing.upload(cast.state, content=csv_of(HEAD, *rows), file_name=name, by=by)


def imported(cast: StateCast, *rows: list[str], **more: Any) -> ReviewImport:
    found = upload(cast, *rows)
    with reviews.acting(cast, "admin") as by:
        return importing.commit(found, cast.state, **{"choice": "good", "key": uuid4(), **more}, by=by)


def all_reviews(cast: StateCast) -> list[Review]:
    with tenancy.as_system(cast.state.pk):
        return list(Review.objects.in_state(cast.state.pk).order_by("starts_on", "pk").select_related("team"))


def test_a_good_row_becomes_an_issued_review_with_its_ratings_alone(cast: StateCast) -> None:
    fives = dict.fromkeys(CODES[:5], "5")
    found = imported(cast, row(NORTH, last="3/15/2021", first="3/14/2021", reported="4/2/2021", **fives))
    assert (found.status, found.counts["good"], found.staged) == ("done", 1, {})
    (review,) = all_reviews(cast)
    assert (review.status, review.total, review.band) == ("issued", 105, "good")
    assert (review.issued_on, review.mode, review.is_imported) == (date(2021, 4, 2), "", True)
    with cast.entered("leader"):  # of the agency, whose team it is
        edition = Edition.objects.get(review=review)
        snapshot = edition.snapshot
        assert not Reviewer.objects.filter(review=review).exists()
        assert not ActionPlan.objects.filter(review=review).exists()
    today = cast.state.today().isoformat()
    assert snapshot["imported"] == {"by": "Meridian Admin", "on": today, "reported_on": "2021-04-02"}
    assert (edition.issued_by_id, edition.number) == (cast.people["admin"].pk, 1)
    assert (snapshot["total"], snapshot["band"]["key"], snapshot["review"]["reviewers"]) == (105, "good", [])
    rated = {item["code"]: item["rating"] for part in snapshot["sections"] for item in part["items"]}
    assert rated == {code: 5 if code in fives else 4 for code in CODES}
    with tenancy.as_system(cast.state.pk):
        assert not Message.objects.filter(state=cast.state).exists()
        reason = Change.objects.filter(table_name="fidelity_review", row_id=review.pk).get().reason
    assert reason == "Imported from past.csv"


def test_each_report_tells_of_those_before_it_in_the_file_and_in_the_portal(cast: StateCast) -> None:
    imported(cast, row(NORTH, first="3/14/2022", rated="4"), row(NORTH, first="3/14/2021", rated="3"))
    with cast.entered("admin"):
        newest = Edition.objects.get(review__starts_on=date(2022, 3, 14)).snapshot
    assert newest["trend"] == [
        {"ends_on": "2021-03-14", "kind": "external", "total": 75, "imported": True},
        {"ends_on": "2022-03-14", "kind": "external", "total": 100},
    ]
    assert (newest["previous"]["total"], newest["previous"]["imported"]) == (75, True)
    with tenancy.as_system(cast.state.pk):
        later = reviews.scheduled(cast)
        last = last_review(Review.objects.get(pk=later.pk))
    assert last is not None
    assert (last.total, last.is_imported, last.ratings["ST1"]) == (100, True, 4)
    after = reviews.issued(cast, days_ago=100)
    with cast.entered("admin"):
        told = Edition.objects.get(review=after).snapshot
    assert [(point["total"], point.get("imported")) for point in told["trend"]] == [
        (75, True),
        (100, True),
        (75, None),
    ]


def test_standing_goes_by_an_imported_result_and_asks_for_no_plan_of_it(cast: StateCast) -> None:
    team, state = cast.teams["north_one"], cast.state
    reviews.under(cast, "louisiana")
    with cast.entered("admin"):
        assert standings([team], state)[team.pk].last_total is None
    imported(cast, row(NORTH, first="6/2/2026", rated="4"))
    with cast.entered("admin"):
        found = standings([team], state)[team.pk]
        assert (found.position, found.last_total, found.is_good) == (Position.EXISTING, 100, True)
        assert found.next_due == date(2027, 6, 2)  # twelve months after the visit
    imported(cast, row(NORTH, first="10/1/2026", rated="3"))
    with cast.entered("admin"):
        found = standings([team], state)[team.pk]
        assert (found.position, found.last_total, found.plan) == (Position.CORRECTIVE, 75, None)
        assert "imported with its ratings alone" in found.notes[-1]
        assert any("The imported review that ended on" in move.because for move in found.moves)


def test_a_total_of_a_shorter_scale_moves_no_standing(cast: StateCast) -> None:
    team, scale = cast.teams["north_one"], load("se15")
    head = ["Team", "Scale", "Kind", "Date", *scale.codes, "Total"]
    cells = [NORTH, "se15", "external", "6/2/2026", *["5"] * 15, "75"]
    with reviews.acting(cast, "admin") as by:
        found = importing.upload(cast.state, content=csv_of(head, cells), file_name="15.csv", by=by)
        importing.commit(found, cast.state, choice="all", key=uuid4(), by=by)
    (review,) = all_reviews(cast)
    assert (review.total, review.band) == (75, "good")
    with cast.entered("admin"):
        standing = standings([team], cast.state)[team.pk]
    assert (standing.last_total, standing.position) == (None, Position.NEW)
    assert "gave 75 of 75 points by a scale that these rules are not for" in standing.moves[-1].because


def test_a_review_that_was_issued_here_is_left_out(cast: StateCast) -> None:
    there = reviews.issued(cast, days_ago=400)
    first = f"{there.starts_on:%m/%d/%Y}"
    found = imported(cast, row(NORTH, first=first), row(NORTH, first=first, kind="self"))
    assert (found.counts["good"], found.counts["there"]) == (1, 1)
    assert "The portal has this external review" in found.left_out[0][1]
    assert [review.kind for review in all_reviews(cast)] == ["external", "self"]


def test_all_or_nothing_or_the_good_rows(cast: StateCast) -> None:
    rows = (row(NORTH), row(SOUTH, first="3/14/2021", total="99"))
    found = upload(cast, *rows)
    with refused(Unacceptable, "Not all rows are good"), cast.entered("admin") as by:
        importing.commit(found, cast.state, choice="all", key=uuid4(), by=by)
    assert all_reviews(cast) == []
    with reviews.acting(cast, "admin") as by:
        importing.commit(found, cast.state, choice="good", key=uuid4(), by=by)
    assert [review.team.name for review in all_reviews(cast)] == [NORTH]
    text = "The ratings add up to 100, and the total noted is 99. Check the ratings and the total."
    assert found.left_out == [[3, text]]


def test_the_same_file_or_form_twice_changes_nothing(cast: StateCast) -> None:
    key, again = uuid4(), upload(cast, row(NORTH))
    assert upload(cast, row(NORTH)).pk == again.pk
    with reviews.acting(cast, "admin") as by:
        first = importing.commit(again, cast.state, choice="good", key=key, by=by)
        assert importing.commit(first, cast.state, choice="good", key=key, by=by).pk == first.pk
    with refused(Unacceptable, "This exact file was imported on .* by you. Nothing was changed."):
        upload(cast, row(NORTH))
    other = imported(cast, row(NORTH), row(SOUTH))
    assert (other.counts["good"], other.counts["there"]) == (1, 1)
    assert len(all_reviews(cast)) == 2


@pytest.mark.parametrize("persona", ["trainer", "vr_liaison", "leader", "supervisor"])
def test_only_the_state_admin_imports(cast: StateCast, persona: str) -> None:
    with refused(NotPermitted, "belongs to State admin"):
        upload(cast, row(NORTH), persona=persona)
    found = imported(cast, row(NORTH))
    with refused(NotPermitted), cast.entered(persona) as by:
        importing.take_back(found, reason="Wrong.", by=by)


def test_names_of_another_state_are_no_names(db: None) -> None:
    both = make_cast()
    found = upload(both.bayou, row(NORTH))
    with both.bayou.entered("admin"):
        preview = importing.preview(
            importing.Staged.from_json(found.staged),
            importing.known_of(both.bayou.state, both.bayou.actor("admin")),
        )
    assert preview.lines[0].outcome is Outcome.WRONG
    assert "There is no team called" in preview.lines[0].remarks[0].text
    imported(both.meridian, row(NORTH))
    with both.bayou.entered("admin") as away:
        assert not Review.objects.visible_to(away).exists()
        assert list(ReviewImport.objects.all()) == [found]


def test_an_import_is_taken_back_and_may_come_again(cast: StateCast) -> None:
    found = imported(cast, row(NORTH, first="6/2/2026"))
    with refused(Unacceptable, "Say why"), cast.entered("admin") as by:
        importing.take_back(found, reason=" ", by=by)
    with reviews.acting(cast, "admin") as by:
        importing.take_back(found, reason="Of another team.", by=by)
    (review,) = all_reviews(cast)
    assert (review.status, review.cancelled_reason, review.total) == ("cancelled", "Of another team.", None)
    with cast.entered("admin"):
        team = cast.teams["north_one"]
        assert standings([team], cast.state)[team.pk].last_total is None
        assert not team_reviews(team, cast.state, cast.actor("admin")).lines
        assert Edition.objects.filter(review=review).exists()
    with refused(WrongStatus, "was taken back on"), cast.entered("admin") as by:
        importing.take_back(found, reason="Again.", by=by)
    again = imported(cast, row(NORTH, first="6/2/2026"))
    assert (again.pk != found.pk, again.counts["good"]) == (True, 1)


def test_what_was_built_on_an_import_keeps_it(cast: StateCast) -> None:
    found = imported(cast, row(NORTH, first="6/2/2024"), row(SOUTH, first="6/2/2024"))
    reviews.issued(cast, days_ago=100)
    with refused(WrongStatus, "the review of Meridian North Team One of"), cast.entered("admin") as by:
        importing.take_back(found, reason="Wrong.", by=by)
    other = imported(cast, row(SOUTH, first="6/2/2025"))
    with reviews.acting(cast, "admin") as by:
        deciding.decide(
            cast.teams["south_one"],
            kind=Decision.Kind.CLOSURE,
            decided_on=cast.state.today(),
            until=None,
            reason="It was agreed.",
            key=uuid4(),
            by=by,
        )
    with (
        refused(WrongStatus, "something was decided about Meridian South Team One"),
        cast.entered("admin") as by,
    ):
        importing.take_back(other, reason="Wrong.", by=by)


def test_the_number_of_statements_does_not_grow_with_the_reviews(cast: StateCast) -> None:
    def statements(*rows: list[str]) -> int:
        found = upload(cast, *rows)
        with reviews.acting(cast, "admin") as by, CaptureQueriesContext(connection) as seen:
            importing.commit(found, cast.state, choice="all", key=uuid4(), by=by)
        return len(seen)

    few = statements(row(NORTH, first="1/10/2021"))
    many = statements(*(row(NORTH, first=f"{month}/1/2022") for month in range(1, 13)))
    assert many <= few


def test_only_teams_of_the_file_are_locked_and_only_against_other_reviews(cast: StateCast) -> None:
    """What belongs to a team and is saved meanwhile asks that the team stays, which this lock leaves open."""
    found = upload(cast, row(NORTH), row("Nowhere"))
    with reviews.acting(cast, "admin") as by, CaptureQueriesContext(connection) as seen:
        importing.commit(found, cast.state, choice="good", key=uuid4(), by=by)
    (locking,) = [
        query["sql"] for query in seen if "agencies_team" in query["sql"] and "FOR " in query["sql"]
    ]
    assert 'FOR NO KEY UPDATE OF "agencies_team"' in locking
    with cast.entered("admin") as by:
        assert list(importing.lock_teams({cast.teams["north_one"].pk}, by)) == [cast.teams["north_one"].pk]


def test_a_team_that_came_between_looking_and_locking_is_not_stumbled_over(
    cast: StateCast, monkeypatch: pytest.MonkeyPatch
) -> None:
    rename, lock = cast.teams["south_two"], importing.lock_teams

    def locked(team_ids: set[int], by: Any) -> Any:
        with tenancy.as_system(cast.state.pk):
            Team.objects.filter(pk=rename.pk).update(name="Nowhere")
        return lock(team_ids, by)

    found = upload(cast, row(NORTH), row("Nowhere"))
    monkeypatch.setattr(importing, "lock_teams", locked)
    with reviews.acting(cast, "admin") as by:
        importing.commit(found, cast.state, choice="good", key=uuid4(), by=by)
    assert [each.team.name for each in all_reviews(cast)] == [NORTH]

"""From finished ratings to an issued report: who writes, who issues, what is frozen, and what follows."""

import threading
from typing import Any

import pytest
from django.db import DatabaseError, connection, connections

from agencies import tenancy
from agencies.models import Membership, StatePolicy
from agencies.permissions import Role
from agencies.refusals import NotPermitted, Refusal, StaleVersion, Unacceptable, WrongStatus
from fidelity import reports, snapshots
from fidelity.actions import finishing, rating, reporting
from fidelity.actions.rating import RatingValues
from fidelity.actions.reporting import ItemText
from fidelity.models import ActionPlan, Edition, ItemReport, Review
from ips_portal.notices.models import Message
from ips_portal.reports.models import ReportRequest
from tests.cast import STARTED, StateCast, make_cast
from tests.fidelity import reviews


@pytest.fixture
def cast(db: None) -> StateCast:
    return make_cast().meridian


def draft(cast: StateCast, **scheduled: Any) -> Review:
    """A review whose sheets are finished, all items rated 3."""
    return reviews.drafted(cast, **scheduled)


def texts(review: Review) -> dict[str, ItemText]:
    rows = ItemReport.objects.filter(review=review)
    return {row.item_code: ItemText(row.found, "Agree on one step.", row.is_priority) for row in rows}


def texts_of(cast: StateCast, review: Review) -> dict[str, ItemText]:
    with reviews.acting(cast, "trainer"):
        return texts(review)


def write(cast: StateCast, review: Review, by: str = "trainer", **changed: Any) -> Review:
    with reviews.acting(cast, by) as actor:
        found = Review.objects.get(pk=review.pk)
        values = {
            "method": "Two days.",
            "overview": "",
            "strengths": "Well known.",
            "next_steps": "",
            "items": texts(found),
            "version": found.text.version,
        }
        reporting.save_report(found, **(values | changed), by=actor)
        return found


def issue(cast: StateCast, review: Review, by: str = "admin") -> Edition:
    with reviews.acting(cast, by) as actor:
        found = Review.objects.get(pk=review.pk)
        return reporting.issue(found, version=found.text.version, by=actor)


def test_finishing_drafts_the_report_from_notes_and_next_anchors(cast: StateCast) -> None:
    review = draft(cast)
    with reviews.acting(cast, "trainer"):
        row = ItemReport.objects.get(review=review, item_code="ST1")
    assert row.found == "Seen for ST1."
    assert row.recommendation.startswith("To reach 4:")
    assert row.is_drafted
    assert row.is_priority


def test_the_reviewers_write_the_report(cast: StateCast) -> None:
    saved = reviews.said(cast, write(cast, draft(cast, others=("reviewer",)), by="reviewer"))
    assert (saved.strengths, saved.version) == ("Well known.", 2)


@pytest.mark.parametrize(
    "by",
    ["admin", "second_trainer", "leader", "supervisor", "specialist", "vr_liaison", "payer", "other_leader"],
)
def test_nobody_else_writes_it(cast: StateCast, by: str) -> None:
    review = draft(cast)
    with reviews.acting(cast, "trainer"):
        items, found = texts(review), reports.reviews().get(pk=review.pk)
    with pytest.raises(NotPermitted), reviews.acting(cast, by) as actor:
        reporting.save_report(
            found, method="", overview="", strengths="x", next_steps="", items=items, version=1, by=actor
        )


def test_an_edited_recommendation_is_no_draft_any_more(cast: StateCast) -> None:
    review = draft(cast)
    with reviews.acting(cast, "trainer"):
        kept = ItemReport.objects.get(review=review, item_code="ST2").recommendation
        items = texts(review) | {"ST2": ItemText("", kept, False)}
    write(cast, review, items=items)
    with reviews.acting(cast, "trainer"):
        drafted = ItemReport.objects.filter(review=review, is_drafted=True).values_list(
            "item_code", flat=True
        )
        assert list(drafted) == ["ST2"]


def test_the_second_of_two_windows_is_told_what_is_stored(cast: StateCast) -> None:
    review = draft(cast)
    write(cast, review, strengths="Mine.")
    with pytest.raises(StaleVersion) as found:
        write(cast, review, strengths="Yours.", version=1)
    assert found.value.current["strengths"] == "Mine."


@pytest.mark.parametrize("changed", [{"strengths": "x" * 10_001}, {"items": {"XX9": ItemText("a")}}])
def test_what_cannot_be_kept_is_refused(cast: StateCast, changed: dict[str, Any]) -> None:
    with pytest.raises(Unacceptable):
        write(cast, draft(cast), **changed)


@pytest.mark.parametrize("by", ["admin", "second_trainer"])
def test_a_second_person_issues(cast: StateCast, by: str) -> None:
    review = write(cast, draft(cast))
    edition = issue(cast, review, by)
    assert (edition.number, edition.snapshot["total"], edition.snapshot["draft"]) == (1, 75, False)
    assert edition.snapshot["issued_by"] == cast.people[by].name
    with reviews.acting(cast, "leader"):
        found = Review.objects.get(pk=review.pk)
        assert (found.status, found.total, found.band) == ("issued", 75, "fair")


def test_who_led_the_review_does_not_issue_it(cast: StateCast) -> None:
    review = write(cast, draft(cast))
    with pytest.raises(NotPermitted, match="You led this review"):
        issue(cast, review, "trainer")


def test_a_dated_exception_lets_one_person_do_both(cast: StateCast) -> None:
    review = write(cast, draft(cast))
    with tenancy.as_system(cast.state.pk):
        StatePolicy.objects.create(
            state=cast.state,
            subject=StatePolicy.Subject.FIDELITY,
            name="Exception",
            effective_from=STARTED,
            data={"same_person_may_issue": {"allowed_until": "2099-12-31", "reason": "One trainer only."}},
        )
    edition = issue(cast, review, "trainer")
    assert (edition.number, edition.reason) == (
        1,
        "Issued by the person who led the review, under the state's written exception.",
    )


@pytest.mark.parametrize(
    "by", ["leader", "supervisor", "vr_liaison", "mh_liaison", "payer", "reviewer", "specialist"]
)
def test_nobody_else_issues(cast: StateCast, by: str) -> None:
    review = write(cast, draft(cast, others=("reviewer",)))
    with pytest.raises(NotPermitted), reviews.acting(cast, by) as actor:
        found = reports.reviews().get(pk=review.pk)
        reporting.issue(found, version=found.text.version, by=actor)


def test_words_the_issuer_has_not_read_are_not_issued(cast: StateCast) -> None:
    review = write(cast, draft(cast))
    with reviews.acting(cast, "admin"):
        read = Review.objects.get(pk=review.pk).text.version
    write(cast, review, strengths="Added after the second person had read it.")
    with pytest.raises(StaleVersion, match="Read it once more"), reviews.acting(cast, "admin") as admin:
        reporting.issue(Review.objects.get(pk=review.pk), version=read, by=admin)


def test_a_report_without_strengths_or_with_drafted_words_is_not_issued(cast: StateCast) -> None:
    review = draft(cast)
    with pytest.raises(Unacceptable, match="Still as drafted"):
        issue(cast, write(cast, review, items={}))
    with pytest.raises(Unacceptable, match="begins with strengths"):
        issue(cast, write(cast, review, strengths=" "))


def test_an_unfinished_review_is_not_issued(cast: StateCast) -> None:
    with pytest.raises(WrongStatus):
        issue(cast, reviews.rate(cast, reviews.scheduled(cast), 3))


def test_an_issued_report_is_never_changed(cast: StateCast) -> None:
    review = write(cast, draft(cast))
    edition = issue(cast, review)
    for attempt in (lambda: issue(cast, review, "second_trainer"), lambda: write(cast, review)):
        with pytest.raises(WrongStatus):
            attempt()
    with pytest.raises(WrongStatus), reviews.acting(cast, "admin") as admin:
        finishing.reopen(Review.objects.get(pk=review.pk), reason="Late thought.", by=admin)
    with pytest.raises(DatabaseError), reviews.acting(cast, "admin"):
        Edition.objects.filter(pk=edition.pk).update(number=2)


def test_an_edition_does_not_follow_later_changes(cast: StateCast) -> None:
    review = write(cast, draft(cast))
    issue(cast, review)
    with tenancy.as_system(cast.state.pk):
        cast.teams["north_one"].name = "Renamed team"
        cast.teams["north_one"].save(update_fields=["name"])
    with reviews.acting(cast, "leader"):
        assert reports.last_snapshot(review.pk)["team"]["name"] == "Meridian North Team One"


def test_a_plan_two_papers_and_notices_follow(cast: StateCast) -> None:
    review = write(cast, draft(cast))
    issue(cast, review)
    with tenancy.as_system(cast.state.pk):
        plan = ActionPlan.objects.get(review=review)
        assert plan.rows.count() == 25
        assert set(ReportRequest.objects.values_list("kind", "subject_id")) == {
            ("fidelity-report", review.pk),
            ("action-plan", plan.pk),
        }
        told = set(Message.objects.filter(notice="report-issued").values_list("address", flat=True))
    assert told == {cast.people[each].email for each in ("trainer", "leader", "supervisor")}


def test_mail_about_a_report_carries_no_figure(cast: StateCast) -> None:
    review = write(cast, draft(cast))
    issue(cast, review)
    with tenancy.as_system(cast.state.pk):
        body = Message.objects.filter(notice="report-issued").values_list("body", flat=True)[0]
    assert "75" not in body
    assert "Fair" not in body


def test_a_reopened_review_keeps_its_texts(cast: StateCast) -> None:
    review = write(cast, draft(cast))
    with reviews.acting(cast, "admin") as admin:
        finishing.reopen(Review.objects.get(pk=review.pk), reason="Item 4 was read wrongly.", by=admin)
    again = reviews.finished(cast, review)
    assert (again.status, reviews.said(cast, again).strengths) == ("draft_report", "Well known.")


@pytest.mark.parametrize("by", ["trainer", "second_trainer", "leader"])
def test_only_the_state_admin_reopens(cast: StateCast, by: str) -> None:
    review = draft(cast)
    with pytest.raises(NotPermitted), reviews.acting(cast, by) as actor:
        finishing.reopen(reports.reviews().get(pk=review.pk), reason="Please.", by=actor)


# --- the snapshot ---------------------------------------------------------------------------------------------
def test_the_snapshot_of_a_draft_says_so(cast: StateCast) -> None:
    review = draft(cast)
    with reviews.acting(cast, "trainer"):
        found = snapshots.draft(reports.reviews().get(pk=review.pk))
    assert (found["draft"], found["edition"], found["issued_on"], found["total"]) == (True, 0, None, 75)
    assert [section["code"] for section in found["sections"]] == ["ST", "OR", "SV"]
    assert found["sections"][0]["items"][0]["anchor"]


def test_the_snapshot_compares_with_the_last_review_of_its_kind(cast: StateCast) -> None:
    reviews.issued(cast, score=2)
    review = draft(cast)
    with reviews.acting(cast, "trainer"):
        found = snapshots.draft(reports.reviews().get(pk=review.pk))
    assert found["previous"]["total"] == 50
    assert [point["total"] for point in found["trend"]] == [50, 75]
    assert found["sections"][0]["items"][0]["previous"] == 2


# --- who reads a draft ----------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("persona", "reads"),
    [
        ("trainer", True),
        ("admin", True),
        ("second_trainer", True),
        ("reviewer", True),
        ("leader", False),
        ("supervisor", False),
        ("specialist", False),
        ("vr_liaison", False),
        ("payer", False),
    ],
)
def test_a_draft_is_open_to_reviewers_and_the_state(cast: StateCast, persona: str, reads: bool) -> None:
    review = draft(cast, others=("reviewer",))
    with reviews.acting(cast, persona) as actor:
        found = reports.reviews().get(pk=review.pk)
        assert found.draft_is_open_to(actor) is reads
        assert Review.objects.drafts_for(actor).filter(pk=review.pk).exists() is reads


# --- two at once ----------------------------------------------------------------------------------------------
def test_two_who_issue_at_once_make_one_edition(transactional_db: None) -> None:
    cast = make_cast().meridian
    review = write(cast, draft(cast))
    start, answers = threading.Barrier(2), []

    def press(by: str) -> None:
        try:
            start.wait(10)
            answers.append(issue(cast, review, by).number)
        except (Refusal, DatabaseError) as refusal:
            answers.append(refusal)
        finally:
            connection.close()

    threads = [threading.Thread(target=press, args=[by]) for by in ("admin", "second_trainer")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    connections.close_all()
    assert sorted(type(answer).__name__ for answer in answers) == ["WrongStatus", "int"]
    with tenancy.as_system(cast.state.pk):
        assert (Edition.objects.count(), ActionPlan.objects.count()) == (1, 1)


def test_a_reviewer_who_joined_the_agency_does_not_go_on(cast: StateCast) -> None:
    """Nor does one who holds both: who reviews from outside is outside."""
    review = draft(cast)
    with tenancy.as_system(cast.state.pk):
        Membership.objects.create(
            state=cast.state,
            person=cast.people["trainer"],
            role=Role.AGENCY_LEADER,
            agency=cast.agencies["north"],
            started_on=STARTED,
        )
    with pytest.raises(NotPermitted, match="You belong to Meridian North Center"):
        write(cast, review)
    with pytest.raises(NotPermitted, match="less than 24 months ago"), reviews.acting(cast, "trainer") as by:
        rating.save_rating(review, item_code="ST1", values=RatingValues(5), version=1, by=by)


def test_a_low_rating_without_a_recommendation_is_not_issued(cast: StateCast) -> None:
    review = draft(cast)
    silent = texts_of(cast, review) | {"ST1": ItemText("Seen.", "", is_priority=True)}
    with pytest.raises(Unacceptable, match="Nothing is written for: Caseload size"):
        issue(cast, write(cast, review, items=silent))


def test_who_has_left_the_state_is_told_nothing_more(cast: StateCast) -> None:
    review = write(cast, draft(cast, others=("reviewer",)))
    with tenancy.as_system(cast.state.pk):
        Membership.objects.filter(pk=cast.memberships["reviewer"].pk).update(ended_on=cast.state.today())
    issue(cast, review)
    with tenancy.as_system(cast.state.pk):
        told = set(Message.objects.filter(notice="report-issued").values_list("address", flat=True))
    assert cast.people["reviewer"].email not in told
    assert cast.people["leader"].email in told


def test_a_save_that_was_answered_into_the_void_is_answered_again(cast: StateCast) -> None:
    review = draft(cast)
    with reviews.acting(cast, "trainer"):
        version = Review.objects.get(pk=review.pk).text.version
    write(cast, review, version=version)
    saved = reviews.said(cast, review).version
    write(cast, review, version=version)  # the same once more
    assert reviews.said(cast, review).version == saved == version + 1
    with pytest.raises(StaleVersion):
        write(cast, review, version=version, overview="Something else.")

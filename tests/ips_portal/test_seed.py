"""The practice states: the same rows for the same day, believable, and behind the same walls as real ones."""

import json
import re
import stat
from collections import Counter, defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command
from django.db import connections
from django.db.models import Count

from agencies import tenancy
from agencies.audit import changes_of, sentences
from agencies.models import (
    Agency,
    Assignment,
    Change,
    Invitation,
    Membership,
    Person,
    State,
    StatePolicy,
    Team,
)
from agencies.permissions import Role
from fidelity import snapshots
from fidelity.models import (
    ActionPlan,
    AnswerWindow,
    Edition,
    Moderation,
    PlanRow,
    Rating,
    Review,
    Reviewer,
)
from fidelity.policy import state_policy
from fidelity.ratings import PastReview, agreed_ratings, past_reviews
from fidelity.reviewers import conflicts
from fidelity.snapshots import items_of
from ips_portal.practice.seeding import EVERYBODYS, NotAPracticeState, seed
from tests import cluster
from tests.ips_portal.practised import SLUGS, TODAY, practice, rows_of, run_seed  # noqa: F401  # a fixture

pytestmark = [pytest.mark.django_db, pytest.mark.xdist_group("practice"), pytest.mark.usefixtures("practice")]


def fingerprint() -> dict[str, str]:
    """A hash of every table, but for what must differ: the salt of the password and the times of migrations."""
    tables = rows_of("SELECT tablename FROM pg_tables WHERE schemaname = 'public' AND tablename LIKE ANY "
                     "(ARRAY['agencies_%', 'fidelity_%', 'reports_%', 'notices_%', 'outcomes_%'])")  # fmt: skip
    hashed = "SELECT md5(string_agg(md5((to_jsonb(t) - 'password')::text), '' ORDER BY t.id)) FROM {} t"
    return {name: str(rows_of(hashed.format(name))[0][0]) for (name,) in tables}


@pytest.fixture(params=SLUGS)
def state(request: pytest.FixtureRequest) -> Iterator[State]:
    """Each practice state in turn, seen by the portal itself."""
    found = State.objects.get(slug=request.param)
    with tenancy.as_system(found.pk):
        yield found


def accounts() -> list[dict[str, str]]:
    found: list[dict[str, str]] = json.loads((Path(settings.DATA_DIR) / "accounts.json").read_text())
    return found


def test_the_same_day_gives_the_same_rows_and_a_second_seed_changes_nothing() -> None:
    first = fingerprint()
    assert "Already there" in run_seed("--today", TODAY.isoformat())
    assert fingerprint() == first
    connections.close_all()
    cluster.reclone()
    run_seed("--today", TODAY.isoformat())
    assert fingerprint() == first


def test_a_real_state_of_the_same_name_is_left_alone() -> None:
    State.objects.filter(slug="bayou").update(contact_email="ips@bayou.example.gov")
    with pytest.raises(NotAPracticeState, match="bayou"):
        seed(TODAY)


def test_the_public_password_opens_nothing_but_this_machine(settings: Any) -> None:
    settings.BASE_URL = "https://ips.example.gov"
    with pytest.raises(CommandError, match="--password"):
        call_command("seed")


def test_every_role_of_every_state_has_a_sign_in_that_works() -> None:
    found = accounts()
    wanted = {(slug, role.value) for slug in SLUGS for role in Role if role is not Role.OPERATOR}
    assert wanted | {("meridian", "OP")} <= {(one["state"], one["role"]) for one in found}
    assert found[0]["state"] == "meridian"
    for one in found:
        person = Person.objects.get(email=one["email"])
        slug = State.objects.get(slug=one["state"])
        roles = {actor.role.value for actor in tenancy.actors_of(person.pk, slug.pk)}
        assert one["role"] in roles, one
        assert one["tries"]
        assert one["where"]
        assert one["first_page"] == f"/{one['state']}/"
    assert Person.objects.get(email=found[0]["email"]).check_password(EVERYBODYS)


def test_nobody_but_the_owner_reads_the_file_of_sign_ins() -> None:
    assert stat.S_IMODE((Path(settings.DATA_DIR) / "accounts.json").stat().st_mode) == 0o600


def test_every_address_can_belong_to_nobody(state: State) -> None:
    """RFC 2606 keeps .example for this."""
    addresses = [*Person.objects.values_list("email", flat=True), state.contact_email]
    addresses += Agency.objects.values_list("contact_email", flat=True)
    addresses += Invitation.objects.values_list("email", flat=True)
    assert len(addresses) > 20
    assert [address for address in addresses if not address.endswith(".example")] == []
    phones = Agency.objects.values_list("contact_phone", flat=True)
    assert all(phone.startswith("555-01") for phone in phones)


def test_every_total_is_the_sum_of_25_ratings(state: State) -> None:
    reviews = Review.objects.in_state(state.pk).issued()
    assert reviews.exists()
    for review in reviews:
        scores = [each.score for each in agreed_ratings(review).values()]
        if review.is_imported:  # nobody rated in the portal
            scores = [item["rating"] for item in items_of(review.editions.get().snapshot).values()]
        assert len(scores) == 25
        assert sum(scores) == review.total


def test_every_edition_says_what_issuing_the_review_would_freeze(
    state: State, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What was imported or corrected since, test_seed_reviews.py asks about."""

    def known_then(review: Review) -> list[PastReview]:
        return [each for each in past_reviews(review) if not each.is_imported]

    monkeypatch.setattr(snapshots, "past_reviews", known_then)
    editions = Edition.objects.in_state(state.pk).filter(number=1, review__imported=None)
    for edition in editions.select_related("review__team__agency", "issued_by"):
        issued_on = edition.review.issued_on
        frozen = snapshots.freeze(
            edition.review, edition=1, issued_on=issued_on, issued_by=edition.issued_by.name
        )
        assert edition.snapshot == frozen
        assert edition.review.band == (frozen["band"] or {}).get("key", "")


def test_nothing_is_dated_after_the_day_but_what_is_planned(state: State) -> None:
    reviews = Review.objects.in_state(state.pk)
    assert not reviews.issued().filter(issued_on__gt=TODAY).exists()
    assert not reviews.filter(status=Review.Status.SCHEDULED, starts_on__lte=TODAY).exists()
    assert not PlanRow.objects.in_state(state.pk).filter(done_on__gt=TODAY).exists()
    assert not Membership.objects.in_state(state.pk).filter(started_on__gt=TODAY).exists()


def test_visits_fall_on_working_days_and_follow_the_start_of_the_team(state: State) -> None:
    for review in Review.objects.in_state(state.pk).select_related("team"):
        assert review.starts_on.weekday() < 4, review
        assert (review.starts_on.month, review.starts_on.day) not in ((12, 25), (12, 31), (1, 1)), review
        began = review.team.implementation_started_on
        if review.kind == Review.Kind.EXTERNAL:
            assert began is not None
            assert began < review.starts_on


def test_every_state_has_its_live_work(state: State) -> None:
    reviews = Review.objects.in_state(state.pk)
    rated = rows_of(  # as the owner: an unfinished sheet is its author's alone
        "SELECT v.state_id, v.kind, count(*) FROM fidelity_review v JOIN fidelity_reviewer s ON s.review_id = v.id "
        "JOIN fidelity_rating r ON r.reviewer_id = s.id WHERE v.status = 'rating' GROUP BY 1, 2"
    )
    assert {kind: count for home, kind, count in rated if home == state.pk} == {"external": 7, "self": 12}
    with_agencies = AnswerWindow.objects.in_state(state.pk).count()
    assert with_agencies == (state.slug == "meridian")
    read_first = Moderation.objects.in_state(state.pk).waiting().count()
    assert read_first == (state.slug == "meridian")
    assert reviews.filter(status=Review.Status.DRAFT_REPORT).count() == 1 + with_agencies + read_first
    next_week = [
        r for r in reviews.filter(status=Review.Status.SCHEDULED) if 0 < (r.starts_on - TODAY).days < 12
    ]
    assert next_week
    invitations = Invitation.objects.in_state(state.pk)
    assert {invitation.is_expired for invitation in invitations.pending()} >= {True}
    assert invitations.exclude(accepted_at=None).exists()


def test_nobody_issues_what_they_led_but_by_a_written_exception(state: State) -> None:
    own = []
    for edition in Edition.objects.in_state(state.pk).select_related("review"):
        if edition.review.reviewers.filter(is_lead=True, person_id=edition.issued_by_id).exists():
            own.append(edition)
    policies = StatePolicy.objects.in_state(state.pk)
    for edition in own:
        row = policies.in_force("fidelity", edition.review.issued_on).first()
        assert row is not None
        assert state_policy(row.data).same_person_may_issue_on(edition.review.issued_on)
    assert bool(own) == (state.slug == "prairie")


def test_the_history_tells_who_did_what_in_the_order_of_time(state: State) -> None:
    changes = Change.objects.filter(state_id=state.pk).order_by("pk")
    times = [change.at for change in changes]
    assert times == sorted(times)
    assert {change.actor for change in changes} == {"person"}
    review = Review.objects.in_state(state.pk).issued().latest("issued_on")
    told = [sentence.text for sentence in sentences(changes_of(review))]
    assert len(told) >= 4
    assert max(times).date() <= TODAY


def test_no_external_review_has_a_reviewer_of_the_own_agency(state: State) -> None:
    for review in Review.objects.in_state(state.pk).filter(kind=Review.Kind.EXTERNAL).select_related("team"):
        people = review.reviewers.values_list("person_id", flat=True)
        assert conflicts(review.team, people, TODAY) == {}
        assert review.reviewers.count() == (0 if review.is_imported else 2)


def test_plans_have_three_to_seven_rows_and_some_are_late(state: State) -> None:
    plans = ActionPlan.objects.in_state(state.pk).annotate(count=Count("rows"))
    assert plans.exists()
    assert {plan.count for plan in plans} <= set(range(3, 8))
    rows = PlanRow.objects.in_state(state.pk).filter(plan__status=ActionPlan.Status.ACTIVE)
    assert any(row.is_overdue(TODAY) for row in rows)
    for row in PlanRow.objects.in_state(state.pk).filter(status=PlanRow.Status.DONE):
        assert row.note
        assert row.goal > row.rating
    for plan in plans.filter(status=ActionPlan.Status.ACTIVE):
        assert all(row.steps and row.responsible and row.target_on for row in plan.rows.all())


def test_an_agency_leader_sees_the_own_teams_and_nothing_else() -> None:
    leader = next(one for one in accounts() if (one["state"], one["role"]) == ("meridian", "AL"))
    home = State.objects.get(slug="meridian")
    person = Person.objects.get(email=leader["email"])
    actor = next(a for a in tenancy.actors_of(person.pk, home.pk) if a.role is Role.AGENCY_LEADER)
    with tenancy.entered(actor):
        assert set(Agency.objects.values_list("name", flat=True)) >= {leader["where"]}
        for model in (Review, Reviewer, ActionPlan, PlanRow, Edition):  # no filter: the second wall alone
            teams = set(model.objects.values_list("team_id", flat=True))
            assert teams
            assert teams <= actor.seen_team_ids
        assert set(Team.objects.values_list("pk", flat=True)) == actor.seen_team_ids
        drafts = Rating.objects.filter(reviewer__finished_at=None)
        assert not drafts.exists()


def test_a_person_of_two_states_and_a_leader_who_reviews_elsewhere_exist() -> None:
    states: dict[int, set[int]] = defaultdict(set)
    for person, home in rows_of("SELECT person_id, state_id FROM agencies_membership"):
        states[person].add(home)
    assert [person for person, homes in states.items() if len(homes) == 2]
    both = rows_of(
        "SELECT l.person_id FROM agencies_membership l JOIN agencies_membership r USING (state_id, person_id) "
        "JOIN agencies_assignment a ON a.membership_id = r.id WHERE l.role = 'AL' AND r.role = 'XR'"
    )
    assert both


def test_a_team_and_an_agency_are_closed() -> None:
    assert rows_of("SELECT 1 FROM agencies_team WHERE ended_on IS NOT NULL")
    assert rows_of("SELECT 1 FROM agencies_agency WHERE ended_on IS NOT NULL")


def test_bayou_tells_the_stories_its_rule_is_about() -> None:
    bayou = State.objects.get(slug="bayou")
    told: dict[str, list[int]] = defaultdict(list)
    with tenancy.as_system(bayou.pk):
        official = Review.objects.in_state(bayou.pk).issued().filter(kind=Review.Kind.EXTERNAL)
        for review in official.select_related("team").order_by("ends_on"):
            told[review.team.name].append(review.total)
        contracts = Counter(
            Membership.objects.in_state(bayou.pk).filter(role="MC").values_list("payer__name", flat=True)
        )
        assert Assignment.objects.filter(purpose=Assignment.Purpose.THIRD_PARTY).exists()
    ends = [tuple(totals[-3:]) for totals in told.values()]
    assert any(a >= 100 and b < 100 and c < 100 for a, b, c in (e for e in ends if len(e) == 3))
    assert any(e[-1] >= 115 for e in ends)
    assert any(len(e) == 3 and e[-2] < 100 <= e[-1] and e[-3] >= 100 for e in ends)
    assert len(contracts) == 2


# Source: domain reference 8.3. Shares of not IPS, fair, good and exemplary by the team's age in months.
BANDS = {
    (4, 9): (10, 85, 5, 0),
    (9, 15): (0, 60, 38, 2),
    (15, 30): (0, 30, 64, 6),
    (30, 200): (0, 12, 73, 15),
}


@pytest.mark.parametrize("ages", BANDS)
def test_totals_fall_into_bands_as_those_of_teams_of_that_age_do(ages: tuple[int, int]) -> None:
    totals = [
        total
        for total, months in rows_of(
            "SELECT r.total, (r.ends_on - t.implementation_started_on) / 30.44 FROM fidelity_review r "
            "JOIN agencies_team t ON t.id = r.team_id WHERE r.total IS NOT NULL AND t.ended_on IS NULL "
            "AND t.implementation_started_on IS NOT NULL"
        )
        if ages[0] <= months < ages[1]
    ]
    assert len(totals) >= 10
    limits = ((0, 74), (74, 100), (100, 115), (115, 126))
    shares = [100 * sum(low <= t < high for t in totals) / len(totals) for low, high in limits]
    for share, wanted in zip(shares, BANDS[ages], strict=True):
        assert abs(share - wanted) <= 20, (shares, BANDS[ages])


def luminance(color: str) -> float:
    """WCAG 2.1, relative luminance."""
    parts = [int(color[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    red, green, blue = (p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    dark, light = sorted((luminance(one), luminance(other)))
    return (light + 0.05) / (dark + 0.05)


def test_the_colors_of_every_state_can_be_read(state: State) -> None:
    assert contrast(state.brand, state.brand_ink) >= 4.5
    assert contrast(state.brand_accent, "#ffffff") >= 3


def test_reports_speak_the_words_of_their_state(state: State) -> None:
    for edition in Edition.objects.in_state(state.pk):
        text = json.dumps(edition.snapshot)
        assert not re.search(r"\{[a-z]+\}| a individual|\b0 records", text)
        if state.slug == "bayou":
            assert "clients" not in json.dumps(edition.snapshot["sections"])

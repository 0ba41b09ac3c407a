"""A state decides its rules for quarters that have not opened; what has opened keeps its own."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from agencies import tenancy
from agencies.models import StatePolicy
from agencies.refusals import NotPermitted, Unacceptable
from ips_portal.quarters import Quarter
from outcomes.actions import policies
from outcomes.in_force import policy_of
from outcomes.policy import OutcomesPolicy
from tests.cast import STARTED, StateCast, make_cast, refused
from tests.outcomes import quarters

EDIT = "/meridian/outcomes/measures/decide/"
DECISION = "Steering committee, minutes of November 12."


@pytest.fixture
def cast(db: None) -> StateCast:
    return make_cast().meridian


def rules(cast: StateCast, quarter: Quarter) -> OutcomesPolicy:
    with tenancy.as_system(cast.state.pk):
        return policy_of(cast.state.pk, quarter)


def decide(cast: StateCast, quarter: Quarter, persona: str = "admin", **values: object) -> StatePolicy:
    with cast.entered(persona) as by:
        return policies.decide(cast.state, quarter=quarter, values=values, source=DECISION, by=by)


def test_rules_hold_from_their_quarter_on_and_say_only_what_the_state_states(cast: StateCast) -> None:
    first, second = policies.quarters_ahead(cast.state)[:2]
    decide(cast, second, due_days=20, optional=["specialists_left", "vacant_fte", "new_enrollees"])
    assert rules(cast, first).due_days == 30
    assert rules(cast, second + 3).due_days == 20
    with tenancy.as_system(cast.state.pk):
        assert StatePolicy.objects.get(effective_from=second.starts_on).data == {"due_days": 20}


def test_a_later_decision_keeps_what_it_does_not_touch(cast: StateCast) -> None:
    first, second = policies.quarters_ahead(cast.state)[:2]
    decide(cast, first, job={"seasonal_counts": False})
    decide(cast, second, due_days=20)
    decide(cast, second, due_days=30)  # the same day again, back to the default
    assert not rules(cast, second).job.seasonal_counts
    assert rules(cast, second).stated == {"job"}


def test_a_quarter_that_has_opened_keeps_its_rules(cast: StateCast) -> None:
    ahead = policies.quarters_ahead(cast.state)
    assert not any(quarter.is_open(cast.state.today()) for quarter in ahead)
    assert (ahead[0] - 1).is_open(cast.state.today()) or ahead[0] - 1 == Quarter.last_ended(
        cast.state.today()
    )
    with refused(Unacceptable, "has opened"):
        decide(cast, ahead[0] - 1, due_days=20)


def opened(client: Client) -> tuple[Any, dict[str, Any]]:
    """The form, and what it would send unchanged."""
    form = client.get(EDIT).context["form"]
    return form, {name: value for name, value in form.initial.items() if value not in (None, False)}


@pytest.mark.parametrize("persona", ["trainer", "vr_liaison", "leader", "operator"])
def test_only_the_states_admin_decides(cast: StateCast, persona: str) -> None:
    with refused(NotPermitted):
        decide(cast, policies.quarters_ahead(cast.state)[0], persona, due_days=20)


def test_rules_that_are_none_are_refused_in_words(cast: StateCast) -> None:
    with refused(Unacceptable, "do not fit together"):
        decide(cast, policies.quarters_ahead(cast.state)[0], due_days=999)


def test_the_page_shows_what_holds_and_takes_a_decision(cast: StateCast) -> None:
    client = cast.seen_by("admin")
    form, sent = opened(client)
    wrong = client.post(EDIT, {**sent, "quarter": form.fields["quarter"].choices[1][0], "source": ""})
    assert wrong.status_code == 422
    quarter = policies.quarters_ahead(cast.state)[1]
    answer = client.post(
        EDIT, {**sent, "quarter": quarter.slug, "goal_team": "45", "source": DECISION}, follow=True
    )
    text = answer.content.decode()
    assert f"these rules hold from {quarter.months} on" in text
    assert DECISION in text
    assert "not yet in force" in text
    found = rules(cast, quarter)
    assert [(goal.level, float(goal.value)) for goal in found.goals] == [("team", 0.45)]
    assert found.due_on(quarter) == quarter.ends_on + timedelta(days=30)


def test_what_the_page_does_not_ask_stays_as_the_state_has_stated_it(cast: StateCast) -> None:
    with tenancy.as_system(cast.state.pk):
        StatePolicy.objects.create(
            state=cast.state,
            subject="outcomes",
            name="Stricter",
            effective_from=STARTED,
            data={"sharing": {"narrowest_range": 7, "threshold": 15}},
        )
    client = cast.seen_by("admin")
    _, sent = opened(client)
    quarter = policies.quarters_ahead(cast.state)[0]
    answer = client.post(EDIT, {**sent, "quarter": quarter.slug, "source": DECISION, "threshold": "12"})
    assert answer.status_code == 302
    sharing = rules(cast, quarter).sharing
    assert (sharing.narrowest_range, sharing.threshold) == (7, 12)


def test_the_page_offers_what_teams_may_keep_between_quarters(cast: StateCast) -> None:
    client = cast.seen_by("admin")
    _, sent = opened(client)
    quarter = policies.quarters_ahead(cast.state)[0]
    told = {**sent, "quarter": quarter.slug, "source": DECISION, "weekly_contacts": "on"}
    assert client.post(EDIT, told).status_code == 302
    between = rules(cast, quarter).between
    assert (between.weekly_contacts, between.monthly_tallies, between.specialist_goals) == (
        True,
        False,
        False,
    )
    assert not any(vars(rules(cast, quarter - 1).between).values())


def test_a_state_reminds_of_what_is_entered_elsewhere_at_discharge(cast: StateCast) -> None:
    client = cast.seen_by("admin")
    _, sent = opened(client)
    quarter = policies.quarters_ahead(cast.state)[0]
    told = {**sent, "quarter": quarter.slug, "source": DECISION, "discharge_system": "CAIRS"}
    half = client.post(EDIT, told)
    assert half.status_code == 422
    assert "or neither" in half.content.decode()
    assert client.post(EDIT, {**told, "discharge_what": "employment status"}).status_code == 302
    assert rules(cast, quarter).discharge_entry.words == (
        "Each person's employment status is entered in CAIRS at discharge."
    )
    assert rules(cast, quarter - 1).discharge_entry.words == ""


def test_the_reminder_stands_where_people_who_left_are_typed_and_blocks_nothing(cast: StateCast) -> None:
    report = quarters.expected(cast)
    with tenancy.as_system(cast.state.pk):
        StatePolicy.objects.create(
            state=cast.state,
            subject="outcomes",
            name="PROS",
            effective_from=report.quarter.starts_on,
            data={"discharge_entry": {"system": "CAIRS", "what": "employment status"}},
        )
    quarters.enter(cast, report)
    where = reverse("outcomes:figures-edit", args=["meridian", "north-one", report.quarter])
    text = cast.seen_by("supervisor").get(where).content.decode()
    assert text.count("Each person&#x27;s employment status is entered in CAIRS at discharge.") == 2
    assert "5 people left in" in text
    assert "each one&#x27;s employment status is entered in CAIRS at discharge." in text
    measures = cast.seen_by("vr_liaison").get(reverse("outcomes:measure-list", args=["meridian"]))
    assert "CAIRS" in measures.content.decode()
    assert quarters.submit(cast, report).status == "submitted"

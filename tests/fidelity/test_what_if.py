"""A state decides its rules after seeing which teams would stand elsewhere; and the bad answers to the form."""

import re
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from fidelity.actions import policies
from fidelity.dashboards.what_if import compared, what_if
from fidelity.in_force import policy_on
from fidelity.policy import FidelityPolicy, shipped_policy
from tests.cast import STARTED, StateCast, make_cast
from tests.fidelity import reviews
from tests.fidelity.lives import always, began, created, day, review
from tests.fidelity.pages import get, post, signed_in, text
from tests.fidelity.rules import decided

EDIT = "policy/edit/"


@pytest.fixture
def cast(db: None) -> StateCast:
    return reviews.under(make_cast().meridian, "louisiana")


def typed(cast: StateCast, **changed: Any) -> dict[str, Any]:
    """The form as the page shows it, with some answers changed; `None` takes a tick away."""
    page = text(get(cast, "admin", EDIT))
    inputs = r'<input type="(?:number|text)" name="([^"]+)" value="([^"]*)"'
    fields: dict[str, Any] = dict(re.findall(inputs, page))
    fields |= dict.fromkeys(re.findall(r'<input type="checkbox" name="([^"]+)"[^>]*\schecked', page), "on")
    for name, options in re.findall(r'<select name="([^"]+)".*?>(.*?)</select>', page, re.S):
        [chosen] = re.findall(r'<option value="([^"]*)" selected', options)
        fields[name] = chosen
    fields |= {
        "effective_from": f"{STARTED:%m/%d/%Y}",
        "source": "Decided by the steering committee.",
    } | changed
    return {name: value for name, value in fields.items() if value is not None}


def looked(answer: Any) -> str:
    [mark] = re.findall(r'name="looked" value="([0-9a-f]+)"', text(answer))
    return str(mark)


def test_nothing_is_saved_before_the_effect_was_read(cast: StateCast) -> None:
    reviews.issued(cast, score=4, days_ago=100)
    form = typed(cast, after_good_months="3")
    first = post(cast, "admin", EDIT, **form)
    assert first.status_code == 200
    page = text(first)
    assert "1 of 4 teams would stand elsewhere" in page
    assert "Meridian North Team One" in page
    assert ", overdue" in page
    assert stored(cast).after_good_months == 12
    second = post(cast, "admin", EDIT, **form, looked=looked(first))
    assert second.status_code == 302
    assert stored(cast).after_good_months == 3
    assert "was due by" in text(get(cast, "leader", "reviews/teams/north-one/standing/"))


def test_what_changed_after_reading_is_shown_again(cast: StateCast) -> None:
    reviews.issued(cast, score=4, days_ago=100)
    form = typed(cast, after_good_months="3")
    mark = looked(post(cast, "admin", EDIT, **form))
    other = post(cast, "admin", EDIT, **{**form, "after_good_months": "6"}, looked=mark)
    assert other.status_code == 409
    assert looked(other) != mark
    reviews.issued(cast, score=4, days_ago=90, team="north_two")
    late = post(cast, "admin", EDIT, **form, looked=mark)
    assert late.status_code == 409
    assert "These rules would change something else by now than what you read." in text(late)
    assert stored(cast).after_good_months == 12


def test_a_form_sent_twice_is_decided_once(cast: StateCast) -> None:
    reviews.issued(cast, score=4, days_ago=100)
    form = typed(cast, after_good_months="3")
    form["looked"] = looked(post(cast, "admin", EDIT, **form))
    assert [post(cast, "admin", EDIT, **form).status_code for _ in range(2)] == [302, 302]
    with cast.entered("admin") as admin:
        decided(cast, {"after_good_months": 9}, by=admin)
    late = post(cast, "admin", EDIT, **form)
    assert (late.status_code, stored(cast).after_good_months) == (302, 9)


def test_rules_that_change_nothing_say_so(cast: StateCast) -> None:
    answer = post(cast, "admin", EDIT, **typed(cast, new_team_decision_after="3"))
    assert "each of the 4 teams would stand where it stands now" in text(answer)


def test_what_the_form_does_not_show_stays_as_stated(cast: StateCast) -> None:
    before = stored(cast)
    with cast.entered("admin") as admin:
        values = {"after_good_months": 9, "until_good_months": 6, "overdue_effect": "alert_only"}
        decided(cast, values, source="Minutes of October.", by=admin)
    after = stored(cast)
    assert (after.band_labels, after.manual_edition) == (before.band_labels, before.manual_edition)
    assert after.after_good_months == 9
    assert after.source("after_good_months") == "Minutes of October."
    assert after.source("until_good_months") == before.source("until_good_months")
    assert after.stated == before.stated  # an answer like the default is not put in the state's mouth
    with cast.entered("admin"):
        assert policy_on(cast.state.pk, cast.state.today() - timedelta(days=1)).after_good_months == 12


def stored(cast: StateCast) -> FidelityPolicy:
    with cast.entered("admin"):
        return policy_on(cast.state.pk, cast.state.today())


@pytest.mark.parametrize(
    ("changed", "message"),
    [
        ({"after_good_months": "0"}, "greater than or equal to 1"),
        ({"after_good_months": "1000"}, "less than or equal to 60"),
        ({"thresholds-good": "120"}, "Thresholds must rise from fair over good to exemplary"),
        ({"thresholds-good": "70"}, "Thresholds must rise"),
        ({"probation-months": ""}, "“Time to recover” is set, so “Length of that time” must be set too"),
        ({"probation-trigger_total_below": "101"}, "above good fidelity from 100"),
        ({"intake_restriction-lift_total": "120"}, "above exemplary from 115"),
        ({"exemplary_extension-months": "6"}, "shorter than the usual 12"),
        ({"probation-enabled": None}, "“After the time to recover” needs “Time to recover”"),
        ({"incentive-what": "Training days"}, "“Granted by” must be set too"),
        ({"source": " "}, "Fill this in."),
        ({"effective_from": "1/5/2020"}, "when the newest rules begin"),
        ({"effective_from": "1/5/2090"}, "Choose a day from January 6, 2020"),
        ({"effective_from": "soon"}, "Write the date as"),
        ({"until_good_months": "six"}, "whole number"),
    ],
)
def test_a_mistake_is_answered_and_nothing_typed_is_lost(
    cast: StateCast, changed: dict[str, Any], message: str
) -> None:
    answer = post(
        cast, "admin", EDIT, **typed(cast, **{"action_plan-approver": "The health plan", **changed})
    )
    assert answer.status_code == 422
    assert message in text(answer).replace("&#x27;", "'")
    assert "The health plan" in text(answer)
    assert stored(cast).action_plan.approver == "MCO"


@pytest.mark.parametrize(
    ("changed", "marked"),
    [
        ({"thresholds-exemplary": "126"}, ["thresholds-exemplary"]),
        ({"thresholds-fair": "20"}, ["thresholds-fair"]),
        ({"thresholds-good": "120"}, ["thresholds-exemplary", "thresholds-fair", "thresholds-good"]),
        ({"probation-months": ""}, ["probation-months"]),
    ],
)
def test_what_does_not_fit_is_said_at_its_fields(
    cast: StateCast, changed: dict[str, Any], marked: list[str]
) -> None:
    answer = post(cast, "admin", EDIT, **typed(cast, **changed))
    assert answer.status_code == 422
    assert sorted(answer.context["form"].errors) == marked


def test_deciding_works_the_effect_out_once(cast: StateCast, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody else of the state decides in the meantime, so it is done while others wait."""
    form = typed(cast, after_good_months="3")
    worked_out: list[Any] = []

    def counted(*args: Any, **given: Any) -> Any:
        worked_out.append(given["document"])
        return what_if(*args, **given)

    monkeypatch.setattr(policies, "what_if", counted)
    first = post(cast, "admin", EDIT, **form)
    other = post(cast, "admin", EDIT, **form | {"after_good_months": "6"}, looked=looked(first))
    assert (other.status_code, len(worked_out)) == (409, 2)
    assert post(cast, "admin", EDIT, **form, looked=looked(first)).status_code == 302
    assert len(worked_out) == 3
    assert post(cast, "admin", EDIT, **form, looked=looked(first)).status_code == 302
    assert len(worked_out) == 3


@pytest.mark.parametrize(("persona", "status"), [("trainer", 403), ("leader", 403), ("payer", 403)])
def test_only_the_state_admin_decides(cast: StateCast, persona: str, status: int) -> None:
    assert get(cast, persona, EDIT).status_code == status


def test_the_effect_is_worked_out_in_the_same_queries_for_many_teams(cast: StateCast) -> None:
    reviews.issued(cast, score=4, days_ago=100)
    form = typed(cast, after_good_months="3")
    few = _posting(cast, form)
    for team in ("north_two", "south_one", "south_two"):
        reviews.issued(cast, score=4, days_ago=100, team=team)
    assert _posting(cast, form) == few


def _posting(cast: StateCast, form: dict[str, Any]) -> int:
    client = signed_in(cast, "admin")
    client.post(f"/meridian/{EDIT}", form)
    with CaptureQueriesContext(connection) as found:
        assert client.post(f"/meridian/{EDIT}", form).status_code == 200
    return len(found)


def test_the_two_rules_are_compared_team_by_team() -> None:
    """From the plan form's schedule to Louisiana's, by hand."""

    class Team:
        def __init__(self, pk: int) -> None:
            self.pk = pk

    lives = {
        1: (created("2024-01-02"), began("2024-01-15"), review("2024-07-20", 104), review("2025-07-15", 96)),
        2: (created("2024-01-02"), began("2024-01-15"), review("2024-07-20", 104), review("2025-07-15", 105)),
    }
    changed = list(
        compared(
            [Team(1), Team(2)],  # type: ignore[list-item]  # only its key is asked
            lives,
            before=always(shipped_policy("national")),
            after=always(shipped_policy("louisiana")),
            on=day("2025-09-01"),
        )
    )
    told = {
        line.team.pk: {each.label: (each.before, each.after) for each in line.differences} for line in changed
    }
    assert told[1]["Standing"] == ("Established team", "Existing team with a corrective action plan")
    assert told[1]["Next review"] == ("January 15, 2026", "February 14, 2026")
    assert told[2] == {
        "Standing": ("Established team", "Existing team"),
        "Action plan": ("due by August 14, 2025", "none is due"),
    }

"""A state's fidelity policy: what it states, what falls back on the national default, and what is refused."""

import json
from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fidelity.policy import (
    FidelityPolicy,
    PolicyError,
    SamePersonMayIssue,
    plan_items,
    shipped_document,
    shipped_keys,
    shipped_policy,
    state_policy,
)
from fidelity.policy_fields import BY_PATH
from fidelity.scales import load

NATIONAL = shipped_policy("national")
LOUISIANA = shipped_policy("louisiana")
NEW_YORK = shipped_policy("new_york_pros")
MISSOURI = shipped_policy("missouri")
WISCONSIN = shipped_policy("wisconsin")
RATINGS = {"ST1": 5, "ST2": 3, "OR1": 1, "SV6": 2, "SV7": 4}


def rows(policy: FidelityPolicy) -> dict[str, Any]:
    return {row.path: row for row in policy.rows()}


def test_the_shipped_policies_are_the_five_of_the_reference() -> None:
    assert shipped_keys() == ("louisiana", "missouri", "national", "new_york_pros", "wisconsin")


def test_the_national_default_is_complete() -> None:
    assert NATIONAL.stated == frozenset(BY_PATH)
    assert NATIONAL.defaults is None


@pytest.mark.parametrize("key", shipped_keys())
def test_every_shipped_policy_names_a_scale_that_ships(key: str) -> None:
    assert len(load(shipped_policy(key).scale_version).items) == 25


@pytest.mark.parametrize("key", shipped_keys())
def test_every_value_on_the_policy_page_has_words_and_a_source(key: str) -> None:
    for row in shipped_policy(key).rows():
        assert row.words, row.path
        assert row.source, row.path


@pytest.mark.parametrize("key", shipped_keys())
def test_a_shipped_policy_survives_being_stored_as_json(key: str) -> None:
    stored = json.loads(json.dumps(shipped_document(key)))
    assert FidelityPolicy.parse(stored, defaults=shipped_policy(key).defaults) == shipped_policy(key)


@pytest.mark.parametrize("key", shipped_keys())
def test_a_snapshot_survives_being_stored_as_json(key: str) -> None:
    snapshot = shipped_policy(key).snapshot()
    assert json.loads(json.dumps(snapshot)) == snapshot


def test_the_national_default_reviews_every_6_months_until_good_then_yearly() -> None:
    assert (NATIONAL.thresholds.fair, NATIONAL.thresholds.good, NATIONAL.thresholds.exemplary) == (
        74,
        100,
        115,
    )
    assert (NATIONAL.until_good_months, NATIONAL.after_good_months, NATIONAL.after_exemplary_months) == (
        6,
        12,
        12,
    )
    assert (NATIONAL.baseline.due_months_after_start, NATIONAL.baseline.window) == (6, "not_before")
    assert (NATIONAL.steering.before_good_per_year, NATIONAL.steering.after_good_per_year) == (4, 2)
    assert NATIONAL.reviewer_rule == "external_preferred"
    assert NATIONAL.action_plan.required == "after_every_report"


def test_louisiana_states_its_corrective_rules() -> None:
    assert LOUISIANA.baseline.window == "due_by"
    assert LOUISIANA.preservice.required
    assert LOUISIANA.reviewer_rule == "external_required"
    assert (LOUISIANA.exemplary_extension.months, LOUISIANA.exemplary_extension.decided_by) == (24, "MCO")
    assert (LOUISIANA.probation.months, LOUISIANA.probation.trigger_total_below) == (6, 100)
    assert (LOUISIANA.intake_restriction.re_review_months, LOUISIANA.intake_restriction.lift_total) == (
        6,
        100,
    )
    assert (LOUISIANA.action_plan.start, LOUISIANA.action_plan.due_days) == ("immediate", 30)
    assert LOUISIANA.band_labels["exemplary"] == "Exceptional practice"


@pytest.mark.parametrize("path", ["steering.before_good_per_year", "min_reviewers", "thresholds.fair"])
def test_what_louisiana_does_not_state_is_shown_as_the_national_default(path: str) -> None:
    row = rows(LOUISIANA)[path]
    assert not row.is_stated
    assert row.standing == "Not stated by this state, national default"
    assert row.words == row.default_words == rows(NATIONAL)[path].words
    assert row.source == rows(NATIONAL)[path].source


def test_what_louisiana_states_is_shown_beside_the_default() -> None:
    row = rows(LOUISIANA)["band_labels.exemplary"]
    assert (row.words, row.default_words, row.standing) == (
        "Exceptional practice",
        "Exemplary",
        "Stated by this state",
    )


def test_a_state_that_names_one_band_keeps_the_other_names() -> None:
    assert LOUISIANA.band_labels["fair"] == "Fair"
    assert "band_labels.fair" not in LOUISIANA.stated


def test_new_york_reviews_itself_officially_at_no_fixed_interval() -> None:
    assert NEW_YORK.is_official("self")
    assert not NATIONAL.is_official("self")
    assert not NATIONAL.is_official("guided_self")
    assert NEW_YORK.until_good_months is None
    assert "until_good_months" in NEW_YORK.stated
    assert rows(NEW_YORK)["until_good_months"].words == "No fixed interval"
    assert NEW_YORK.baseline.due_months_after_start is None
    assert NEW_YORK.result_recipient == "OMH"


@pytest.mark.parametrize("path", ["action_plan.required", "thresholds.good", "steering.after_good_per_year"])
def test_what_new_york_does_not_state_is_not_put_in_its_mouth(path: str) -> None:
    assert path not in NEW_YORK.stated
    assert NEW_YORK.values[path] == NATIONAL.values[path]


def test_missouri_follows_the_national_form_and_asks_for_accreditation() -> None:
    assert MISSOURI.vr_requires == ("CARF",)
    assert MISSOURI.steering == NATIONAL.steering
    assert "steering.before_good_per_year" in MISSOURI.stated


def test_wisconsin_states_only_its_rhythm() -> None:
    assert WISCONSIN.stated == {"until_good_months", "after_good_months"}


def test_a_state_without_a_policy_has_the_national_default_and_states_nothing() -> None:
    policy = state_policy({})
    assert policy.stated == frozenset()
    assert policy.values == NATIONAL.values
    assert policy.name == "National default"


def test_a_value_equal_to_the_default_still_counts_as_stated() -> None:
    assert state_policy({"until_good_months": 6}).stated == {"until_good_months"}


def test_rows_that_a_switched_off_rule_would_explain_are_left_out() -> None:
    assert "probation.months" not in rows(NATIONAL)
    assert "probation.months" in rows(LOUISIANA)
    assert "baseline.window" not in rows(NEW_YORK)


def test_one_person_may_issue_only_by_a_dated_written_exception() -> None:
    exception = {"allowed_until": "2027-06-30", "reason": "One trainer until the second is trained."}
    policy = state_policy({"name": "Prairie", "same_person_may_issue": exception})
    assert policy.same_person_may_issue == SamePersonMayIssue(
        date(2027, 6, 30), "One trainer until the second is trained."
    )
    assert policy.same_person_may_issue_on(date(2027, 6, 30))
    assert not policy.same_person_may_issue_on(date(2027, 7, 1))
    assert not NATIONAL.same_person_may_issue_on(date(2026, 1, 1))
    assert rows(policy)["same_person_may_issue.allowed_until"].words == "Allowed until 2027-06-30"
    assert json.dumps(policy.snapshot())


def test_the_snapshot_carries_the_marks_a_report_is_read_by() -> None:
    snapshot = LOUISIANA.snapshot()
    assert (snapshot["name"], snapshot["fair"], snapshot["good"], snapshot["exemplary"]) == (
        "Louisiana",
        74,
        100,
        115,
    )


@pytest.mark.parametrize(
    ("data", "message"),
    [
        ([], "policy: expected a mapping, found a list"),
        ({"treshold": {}}, "policy: “treshold” is not a known key. Did you mean “thresholds”?"),
        ({"thresholds": {"god": 100}}, "policy.thresholds: “god” is not a known key. Did you mean “good”?"),
        ({"thresholds": 100}, "policy.thresholds: expected a mapping, found a number"),
        ({"thresholds": {"good": "100"}}, "policy.thresholds.good: expected a whole number, found text"),
        ({"thresholds": {"good": 99.5}}, "policy.thresholds.good: expected a whole number"),
        ({"thresholds": {"good": 120}}, "policy: thresholds must rise"),
        ({"thresholds": {"good": None}}, "policy.thresholds.good: expected a whole number, found nothing"),
        ({"until_good_months": 0}, "policy.until_good_months: expected 1 to 60, found 0"),
        ({"after_good_months": 1000}, "policy.after_good_months: expected 1 to 60, found 1000"),
        ({"baseline": {"due_months_after_start": 0}}, "due_months_after_start: expected 1 to 60, found 0"),
        ({"baseline": {"open_months": -1}}, "policy.baseline.open_months: expected 0 to 60, found -1"),
        ({"standing_labels": {"new": " "}}, "policy.standing_labels.new: expected text, found an empty one"),
        ({"thresholds": {"fair": 100}}, "policy: thresholds must rise"),  # no total between fair and good
        (
            {"probation": {"enabled": True, "months": 6, "trigger_total_below": 101}},
            "“probation.trigger_total_below” is 101, above good fidelity from 100",
        ),
        (
            {"intake_restriction": {"enabled": True, "re_review_months": 6, "lift_total": 116}},
            "“intake_restriction.lift_total” is 116, above exemplary from 115",
        ),
        (
            {"exemplary_extension": {"allowed": True, "months": 11}},
            "“exemplary_extension.months” is 11, shorter than the usual 12",
        ),
        (
            {"intake_restriction": {"after_failed_probation": True}},
            "“intake_restriction.after_failed_probation” needs “probation.enabled”",
        ),
        ({"until_good_months": True}, "policy.until_good_months: expected a whole number, found yes or no"),
        ({"min_reviewers": 0}, "policy.min_reviewers: expected 1 to 9, found 0"),
        ({"reviewer_rule": "anyone"}, "policy.reviewer_rule: “anyone” is not one of external_required"),
        ({"official_review_types": []}, "policy: official_review_types must name at least one"),
        (
            {"official_review_types": ["friendly"]},
            "policy.official_review_types[0]: “friendly” is not one of",
        ),
        (
            {"action_plan": {"item_trigger_max": 5}},
            "policy.action_plan.item_trigger_max: expected 1 to 4, found 5",
        ),
        (
            {"action_plan": {"item_trigger_applies_to": ["OLD"]}},
            "item_trigger_applies_to[0]: “OLD” is not one of",
        ),
        (
            {"probation": {"enabled": True}},
            "“probation.enabled” is set, so “probation.months” must be set too",
        ),
        ({"exemplary_extension": {"allowed": True}}, "so “exemplary_extension.months” must be set too"),
        (
            {"intake_restriction": {"enabled": True}},
            "so “intake_restriction.re_review_months” must be set too",
        ),
        (
            {"same_person_may_issue": {"allowed_until": "2027-06-30"}},
            "so “same_person_may_issue.reason” must",
        ),
        (
            {"same_person_may_issue": {"reason": "r"}},
            "so “same_person_may_issue.allowed_until” must be set too",
        ),
        ({"same_person_may_issue": {"allowed_until": "soon"}}, "allowed_until: expected a date written as"),
        ({"boundary_readings": {"SV6": 9}}, "policy.boundary_readings.SV6: expected 1 to 5, found 9"),
        ({"vr_requires": "CARF"}, "policy.vr_requires: expected a list, found text"),
        ({"sources": {"treshold": "x"}}, "policy.sources: “treshold” is not a known key"),
        ({"band_labels": {"superb": "S"}}, "policy.band_labels: “superb” is not a known key"),
    ],
)
def test_a_mistake_in_a_policy_is_answered_with_its_place(data: Any, message: str) -> None:
    with pytest.raises(PolicyError) as refusal:
        state_policy(data)
    assert message in str(refusal.value)


def test_without_a_default_every_value_must_be_there() -> None:
    data = {key: value for key, value in shipped_document("national").items() if key != "unit"}
    with pytest.raises(PolicyError, match="“unit” is missing"):
        FidelityPolicy.parse(data)


def test_a_policy_that_is_not_shipped_is_refused_with_the_ones_that_are() -> None:
    with pytest.raises(PolicyError, match="louisiana, missouri, national"):
        shipped_policy("atlantis")


def test_a_plan_is_drafted_from_items_rated_3_or_lower_where_the_policy_names_none() -> None:
    assert plan_items(NATIONAL, RATINGS) == ("ST2", "OR1", "SV6")
    assert plan_items(NATIONAL, dict.fromkeys(RATINGS, 4)) == ()


@pytest.mark.parametrize(
    ("highest", "standing", "items"),
    [
        (2, "NEW", ("OR1", "SV6")),
        (2, None, ("OR1", "SV6")),
        (2, "EXISTING", ("ST2", "OR1", "SV6")),
        (4, "NEW", ("ST2", "OR1", "SV6", "SV7")),
        (4, "EXISTING", ("ST2", "OR1", "SV6")),
    ],
)
def test_a_plan_is_drafted_from_the_items_the_policy_names_for_that_standing(
    highest: int, standing: str | None, items: tuple[str, ...]
) -> None:
    rule = {"item_trigger_max": highest, "item_trigger_applies_to": ["NEW"]}
    assert plan_items(state_policy({"action_plan": rule}), RATINGS, standing) == items


def test_a_policy_that_names_items_for_no_standing_names_them_for_all() -> None:
    assert plan_items(state_policy({"action_plan": {"item_trigger_max": 1}}), RATINGS, "EXISTING") == ("OR1",)


@given(st.dictionaries(st.sampled_from(load("ips25-2008").codes), st.integers(1, 5)))
def test_louisiana_plans_hold_every_item_rated_1_2_or_3(ratings: dict[str, int]) -> None:
    for standing in ("NEW", "EXISTING", "CORRECTIVE", None):
        assert set(plan_items(LOUISIANA, ratings, standing)) == {c for c, r in ratings.items() if r <= 3}


@pytest.mark.parametrize(
    ("ladder", "words"),
    [
        ([-14, -3, 1, 7], "14 and 3 days before, 1 and 7 days after"),
        ([7, 0, -14], "14 days before, on the day, 7 days after"),
        ([], "None"),
    ],
)
def test_a_ladder_of_reminders_reads_as_a_sentence(ladder: list[int], words: str) -> None:
    policy = state_policy({"action_plan": {"reminders": ladder}})
    assert rows(policy)["action_plan.reminders"].words == words


@pytest.mark.parametrize("possible", [75, 120, 150])
def test_marks_are_for_totals_of_the_scale_they_are_set_for(possible: int) -> None:
    policy = shipped_policy("national")
    assert policy.measures(125)
    assert not policy.measures(possible)
    own = replace(policy, scale_version="our-scale", own_ends=frozenset({(possible, "")}))
    assert own.measures(possible)
    assert not own.measures(125)
    of_a_part = replace(own, own_ends=frozenset({(possible, "EMP")}))
    assert of_a_part.measures(possible, "EMP")
    assert not of_a_part.measures(possible)
    assert not policy.measures(125, "EMP")

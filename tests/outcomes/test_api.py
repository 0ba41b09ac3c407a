"""Quarters over the API: the same verdicts in the same words as on the pages, and numbers taken strictly."""

import json
import re
from typing import Any
from uuid import uuid4

import pytest

from outcomes.actions import entering
from outcomes.models import QuarterlyReport
from outcomes.reading import NotANumber, read
from tests.cast import StateCast, make_cast
from tests.outcomes import quarters
from tests.outcomes.sending import send
from tests.outcomes.test_reading import REFUSED, SERVED, TAKEN


@pytest.fixture
def cast(db: None) -> StateCast:
    return make_cast().meridian


def put(cast: StateCast, report: QuarterlyReport, body: Any) -> tuple[int, Any]:
    """What the supervisor's figures are answered with: the status, and the fields that are refused."""
    status, told = send(cast, "supervisor", "PUT", at(report, "figures/"), body)
    return status, told.get("fields")


def at(report: QuarterlyReport, deed: str = "") -> str:
    return f"outcomes/north-one/{report.quarter.slug}/{deed}"


def entered() -> dict[str, Any]:
    return {key: str(value) if key.endswith("fte") else value for key, value in quarters.ORDINARY.items()}


def test_a_program_enters_checks_and_submits_a_quarter(cast: StateCast) -> None:
    report = quarters.expected(cast)
    status, saved = send(cast, "supervisor", "PUT", at(report, "figures/"), {"figures": entered()})
    assert (status, saved["percent"], saved["figures"]["specialist_fte"]) == (200, 100, "2.50")
    assert saved["rates"][0]["value"] == "0.4500"
    form = {"key": str(uuid4()), "version": saved["figures_version"]}
    for _ in range(2):  # the answer was lost, the request is sent again
        status, done = send(cast, "supervisor", "POST", at(report, "submit/"), form)
        assert (status, done["status"]) == (200, "submitted")
    status, refused = send(cast, "supervisor", "POST", at(report, "submit/"), form | {"key": str(uuid4())})
    assert (status, refused["error"][:17]) == (409, "Already submitted")
    status, done = send(cast, "trainer", "POST", at(report, "accept/"), {"version": done["version"]})
    assert (status, done["status"]) == (200, "accepted")


def test_findings_stand_in_the_way_each_by_its_rule(cast: StateCast) -> None:
    report = quarters.expected(cast)
    _, saved = send(
        cast, "supervisor", "PUT", at(report, "figures/"), {"figures": entered() | {"employed": 41}}
    )
    form = {"key": str(uuid4()), "version": saved["figures_version"]}
    status, refused = send(cast, "supervisor", "POST", at(report, "submit/"), form)
    assert status == 422
    assert "41 people working, but only 40 people served" in refused["fields"]["V02"][0]


@pytest.mark.parametrize("value", ['"12"', "12.0", "true", "[12]", '{"x": 1}', "1e3"])
def test_a_count_is_a_whole_number_of_json(cast: StateCast, value: str) -> None:
    report = quarters.expected(cast)
    status, refused = send(
        cast, "supervisor", "PUT", at(report, "figures/"), f'{{"figures": {{"served": {value}}}}}'
    )
    assert status == 422
    assert list(refused["fields"]) == ["figures.served"]
    with cast.entered("supervisor"):
        assert entering.draft_of(report).pk is None  # nothing was begun


@pytest.mark.parametrize("value", ["NaN", "Infinity", "1e400"])
def test_what_is_no_number_of_json_is_no_message(cast: StateCast, value: str) -> None:
    report = quarters.expected(cast)
    status, _ = send(
        cast, "supervisor", "PUT", at(report, "figures/"), f'{{"figures": {{"served": {value}}}}}'
    )
    assert status in (400, 422)


@pytest.mark.parametrize("value", [-3, 10000, 10**20])
def test_bounds_are_told_in_the_words_of_the_form(cast: StateCast, value: int) -> None:
    report = quarters.expected(cast)
    status, refused = send(cast, "supervisor", "PUT", at(report, "figures/"), {"figures": {"served": value}})
    with pytest.raises(NotANumber) as on_the_form:
        read(str(value), SERVED)
    assert (status, refused["fields"]["figures.served"]) == (422, [str(on_the_form.value)])


@pytest.mark.parametrize("field", ["status", "accepted_by", "state_id", "id", "percent"])
def test_what_is_not_to_be_written_is_refused_by_its_name(cast: StateCast, field: str) -> None:
    report = quarters.expected(cast)
    status, refused = send(cast, "supervisor", "PUT", at(report, "figures/"), {field: "accepted"})
    assert (status, list(refused["fields"])) == (422, [field])
    status, refused = send(cast, "supervisor", "PUT", at(report, "figures/"), {"figures": {field: 1}})
    assert (status, list(refused["fields"])) == (422, [f"figures.{field}"])


def test_a_clash_tells_what_is_stored(cast: StateCast) -> None:
    report = quarters.expected(cast)
    quarters.enter(cast, report)
    change = {"figures": {"served": 42}, "was": {"served": 39}}
    status, refused = send(cast, "supervisor", "PUT", at(report, "figures/"), change)
    assert (status, refused["current"]) == (409, {"served": {"value": "40", "not_collected": ""}})


def test_a_draft_is_invisible_above_the_agency(cast: StateCast) -> None:
    report = quarters.expected(cast)
    quarters.enter(cast, report, served=1377, employed=700)
    for persona in ("admin", "trainer", "vr_liaison"):
        status, told = send(cast, persona, "GET", at(report))
        assert (status, told["percent"], told["figures"]) == (200, 100, None)
        assert "1377" not in json.dumps(told)
    assert send(cast, "admin", "PUT", at(report, "figures/"), {"note": "x"})[0] == 404
    assert send(cast, "other_supervisor", "GET", at(report))[0] == 404


def test_the_list_filters_by_quarter_and_refuses_what_is_none(cast: StateCast) -> None:
    report = quarters.expected(cast)
    status, found = send(cast, "admin", "GET", f"outcomes/?quarter={report.quarter.slug}")
    assert (status, found["count"]) == (200, 4)
    assert send(cast, "leader", "GET", "outcomes/")[1]["count"] == 2
    assert send(cast, "admin", "GET", "outcomes/?quarter=2026Q5")[0] in (400, 422)
    assert send(cast, "admin", "GET", "outcomes/?status=x")[0] == 400


@pytest.mark.parametrize(("text", "value"), TAKEN)
def test_what_the_form_takes_is_the_number_the_api_tells(cast: StateCast, text: str, value: int) -> None:
    report = quarters.expected(cast)
    path = f"/meridian/outcomes/north-one/{report.quarter.slug}/edit/"
    assert cast.seen_by("supervisor").post(path, {"value-served": text}).status_code == 302
    assert send(cast, "supervisor", "GET", at(report))[1]["figures"]["served"] == value


@pytest.mark.parametrize(("text", "answer"), REFUSED)
def test_what_the_form_refuses_the_api_refuses_in_the_same_words(
    cast: StateCast, text: str, answer: str
) -> None:
    report = quarters.expected(cast)
    path = f"/meridian/outcomes/north-one/{report.quarter.slug}/edit/"
    page = cast.seen_by("supervisor").post(path, {"value-served": text})
    problem = page.context["page"].unreadable[0].shown.problem
    assert (page.status_code, bool(re.search(answer, problem))) == (422, True)
    assert put(cast, report, {"figures": {"served": text}}) == (422, {"figures.served": [problem]})


@pytest.mark.parametrize(("text", "value"), TAKEN)
def test_what_people_may_type_a_program_sends_as_a_number(cast: StateCast, text: str, value: int) -> None:
    report = quarters.expected(cast)
    status, fields = put(cast, report, {"figures": {"served": text}})
    assert (status, fields["figures.served"][0][:27]) == (422, "served must be a whole numb")
    assert put(cast, report, {"figures": {"served": value}})[0] == 200


@pytest.mark.parametrize("value", [2.5, 2, True, [], "2,5", "2.555", "two", " 2.5", "+2.5", ".5", "2."])
def test_a_decimal_is_text_of_digits(cast: StateCast, value: Any) -> None:
    report = quarters.expected(cast)
    status, fields = put(cast, report, {"figures": {"specialist_fte": value}})
    assert (status, list(fields)) == (422, ["figures.specialist_fte"])
    assert put(cast, report, {"figures": {"specialist_fte": "2.5"}})[0] == 200


@pytest.mark.parametrize(
    "value", [{"not_collected": ""}, {"not_collected": 3}, {"not_collected": "x", "value": 3}, {}]
)
def test_not_collected_says_why(cast: StateCast, value: Any) -> None:
    report = quarters.expected(cast)
    assert put(cast, report, {"figures": {"in_school": value}})[0] == 422
    assert put(cast, report, {"figures": {"in_school": {"not_collected": "No\u00a0record.\r\n"}}})[0] == 200
    with cast.entered("supervisor"):
        assert entering.draft_of(report).figures["in_school"].why == "No record."


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"figures": {"vr_open": 3}}, "figures.vr_open"),  # not collected in this state
        ({"explained": {"V99": "x"}}, "explained.V99"),
        ({"explained": {"V12": 3}}, "explained.V12"),
        ({"note": "x" * 2001}, "note"),
        ({"note": "a\x00b"}, "note"),
        ({"figures": {"served": 40, "employed": "x"}}, "figures.employed"),
    ],
)
def test_nothing_is_dropped_silently_and_nothing_saved_in_part(
    cast: StateCast, body: Any, field: str
) -> None:
    report = quarters.expected(cast)
    status, fields = put(cast, report, body)
    assert (status, list(fields)) == (422, [field])
    with cast.entered("supervisor"):
        assert entering.draft_of(report).pk is None


def test_nothing_is_saved_over_a_later_version(cast: StateCast) -> None:
    report = quarters.expected(cast)
    _, first = send(cast, "supervisor", "PUT", at(report, "figures/"), {"figures": {"served": 40}})
    read = {"version": first["figures_version"]}
    send(cast, "leader", "PUT", at(report, "figures/"), {"figures": {"employed": 18}})
    status, told = send(cast, "supervisor", "PUT", at(report, "figures/"), read | {"figures": {"served": 41}})
    stored = {"value": "40", "not_collected": ""}
    assert (status, told["current"]) == (409, {"version": first["figures_version"] + 1, "served": stored})


def test_a_warning_is_explained_with_the_submission(cast: StateCast) -> None:
    report = quarters.expected(cast)
    quarters.enter(cast, report, served=90, employed=40, specialist_fte=2)
    _, seen = send(cast, "supervisor", "GET", at(report))
    form = {"key": str(uuid4()), "version": seen["figures_version"]}
    status, refused = send(cast, "supervisor", "POST", at(report, "submit/"), form)
    assert status == 422
    notes = dict.fromkeys(refused["fields"], "Two specialists were away.")
    status, done = send(cast, "supervisor", "POST", at(report, "submit/"), form | {"explained": notes})
    assert (status, done["open_warnings"], done["explained"]) == (200, len(notes), notes)


def test_a_stale_decision_is_told_what_is_stored(cast: StateCast) -> None:
    report = quarters.expected(cast)
    quarters.enter(cast, report)
    quarters.submit(cast, report)
    for deed, more in (("accept/", {}), ("return/", {"whole": "Look again."})):
        status, told = send(cast, "trainer", "POST", at(report, deed), {"version": 1, **more})
        assert (status, told["current"]) == (409, {"version": report.version})


def test_a_return_names_the_figure_and_a_correction_keeps_what_was_submitted(cast: StateCast) -> None:
    report = quarters.expected(cast)
    quarters.enter(cast, report)
    quarters.submit(cast, report)
    comments = {"version": report.version, "figures": {"employed": "Seasonal jobs, too?"}}
    status, told = send(cast, "trainer", "POST", at(report, "return/"), comments)
    assert (status, told["status"], told["returned"]) == (200, "returned", comments["figures"])
    assert put(cast, report, {"figures": {"employed": 17}})[0] == 200
    assert send(cast, "trainer", "GET", at(report, "revisions/1/"))[1]["figures"]["employed"] == 18
    assert send(cast, "supervisor", "GET", at(report, "revisions/2/"))[0] == 404  # a draft
    assert send(cast, "trainer", "GET", at(report, f"revisions/{10**30}/"))[0] == 404


def test_what_was_taken_back_is_the_teams_again(cast: StateCast) -> None:
    report = quarters.expected(cast)
    quarters.enter(cast, report)
    quarters.submit(cast, report)
    assert send(cast, "admin", "GET", at(report, "revisions/1/"))[0] == 200
    assert send(cast, "supervisor", "POST", at(report, "take-back/"))[1]["status"] == "draft"
    assert send(cast, "admin", "GET", at(report, "revisions/1/"))[0] == 404
    assert send(cast, "admin", "GET", at(report))[1]["figures"] is None
    assert send(cast, "supervisor", "GET", at(report, "revisions/1/"))[0] == 200


def test_a_team_that_did_not_run_or_served_nobody_says_so(cast: StateCast) -> None:
    report = quarters.expected(cast)
    assert send(cast, "supervisor", "POST", at(report, "nothing/"))[1]["figures"]["served"] == 0
    assert send(cast, "supervisor", "POST", at(report, "discard/"))[1]["status"] == "expected"
    assert send(cast, "supervisor", "POST", at(report, "discard/"))[0] == 409
    idle = {"key": str(uuid4()), "reason": "The position is open."}
    for _ in range(2):
        status, told = send(cast, "supervisor", "POST", at(report, "not-operating/"), idle)
        assert (status, told["is_operating"], told["figures"], told["note"]) == (
            200,
            False,
            None,
            "The position is open.",
        )
    assert send(cast, "admin", "POST", at(report, "reopen/"), {"reason": "Why not."})[0] == 409
    assert send(cast, "trainer", "POST", at(report, "accept/"), {"version": told["version"]})[0] == 200
    assert send(cast, "admin", "POST", at(report, "lock/"))[1]["status"] == "locked"
    status, told = send(cast, "admin", "POST", at(report, "reopen/"), {"reason": "It ran in May."})
    assert (status, told["status"], told["reopened_reason"]) == (200, "reopened", "It ran in May.")


def test_definitions_checks_and_comparison_are_read_like_the_pages(cast: StateCast) -> None:
    report = quarters.expected(cast)
    quarters.enter(cast, report)
    quarters.submit(cast, report)
    quarters.accept(cast, report)
    assert len(send(cast, "supervisor", "GET", "outcomes/checks/")[1]["rules"]) > 30
    assert send(cast, "stakeholder", "GET", "outcomes/measures/")[1]["due_days"] == 30
    told = send(cast, "vr_liaison", "GET", "outcomes/comparison/")[1]
    assert told["numbers"][0]["value"] == "45%"
    assert send(cast, "leader", "GET", "outcomes/comparison/")[1]["numbers"] == []

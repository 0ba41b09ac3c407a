"""Papers of a quarter, the words of the brief and the people eligible over the API: as on the pages."""

from typing import Any

import pytest

from ips_portal.reports.models import ReportRequest
from outcomes.models import StateQuarter
from tests.cast import StateCast, make_cast
from tests.outcomes import quarters
from tests.outcomes.programs import answers, given, published, signed, three_agencies
from tests.outcomes.sending import send

ESTIMATE = {"eligible": 2000, "residents": 500_000, "as_of": "2020-01-01", "source": "Health department."}


@pytest.fixture
def cast(db: None) -> StateCast:
    found = make_cast().meridian
    report = quarters.expected(found)
    quarters.enter(found, report)
    quarters.accept(found, quarters.submit(found, report))
    return found


def quarter(cast: StateCast) -> str:
    return str(quarters.last_quarter(cast).slug)


def brief(cast: StateCast) -> str:
    return f"outcomes/brief/{quarter(cast)}/"


@pytest.mark.parametrize(
    ("path", "kind"),
    [
        ("outcomes/{}/pdf/", "team-quarter"),
        ("outcomes/statewide/{}/pdf/", "state-quarter"),
        ("outcomes/brief/{}/pdf/", "quarter-brief"),
    ],
)
def test_a_paper_is_asked_for_once_and_found_again(cast: StateCast, path: str, kind: str) -> None:
    about = f"north-one/{quarter(cast)}" if kind == "team-quarter" else quarter(cast)
    where = path.format(about)
    status, first = send(cast, "vr_liaison", "POST", where)
    assert (status, first["kind"]) == (202, kind)
    assert send(cast, "trainer", "POST", where)[1]["id"] == first["id"]
    with cast.entered("trainer"):
        assert ReportRequest.objects.filter(kind=kind).count() == 1


def test_there_is_no_paper_before_figures_are_accepted(cast: StateCast) -> None:
    quarters.expected(cast, "south_one")
    status, refusal = send(cast, "admin", "POST", f"outcomes/south-one/{quarter(cast)}/pdf/")
    assert status == 409
    assert "once figures of the quarter are accepted" in str(refusal)


def test_words_of_the_brief_are_read_and_written(cast: StateCast) -> None:
    status, page = send(cast, "mh_liaison", "GET", brief(cast))
    assert (status, page["text"], page["version"]) == (200, "", 1)
    assert page["computed"]["numbers"][0]["label"] == "Employment rate"
    sent = {"text": "Two teams begin in spring.", "version": 1}
    status, page = send(cast, "vr_liaison", "PUT", brief(cast), sent)
    assert (status, page["text"], page["written_by"]["name"]) == (200, sent["text"], "Meridian Vr Liaison")
    status, clash = send(cast, "admin", "PUT", brief(cast), {"text": "Another.", "version": 1})
    assert (status, clash["current"]) == (409, {"version": 2, "text": sent["text"]})


def test_what_looks_like_a_person_served_wants_a_second_look(cast: StateCast) -> None:
    sent: dict[str, Any] = {"text": "Ask about 123-45-6789.", "version": 1}
    status, refusal = send(cast, "admin", "PUT", brief(cast), sent)
    assert (status, list(refusal["fields"])) == (422, ["text"])
    assert send(cast, "admin", "PUT", brief(cast), sent | {"is_checked": True})[0] == 200
    with cast.entered("admin"):
        assert StateQuarter.objects.get(quarter=quarters.last_quarter(cast)).brief == sent["text"]


def test_the_people_eligible_are_recorded_with_their_day_and_corrected(cast: StateCast) -> None:
    where = "outcomes/measures/eligible/"
    assert send(cast, "admin", "POST", where, ESTIMATE) == (201, ESTIMATE)
    assert send(cast, "admin", "POST", where, ESTIMATE | {"eligible": 2100})[0] == 201
    assert send(cast, "leader", "GET", where)[1]["results"] == [ESTIMATE | {"eligible": 2100}]
    status, refusal = send(cast, "admin", "POST", where, ESTIMATE | {"eligible": 3})
    assert (status, list(refusal["fields"])) == (422, ["eligible"])
    assert send(cast, "trainer", "POST", where, ESTIMATE)[0] == 403


def test_who_shares_in_full_reads_the_exact_numbers_and_nobody_else(db: None) -> None:
    cast = three_agencies(north_two=17, east_one=7)
    signed(cast)
    answers(cast, "north", "south")
    answers(cast, "east", accepts=False)
    published(cast)
    assert given(cast, "east").status == "refused"
    rows = send(cast, "leader", "GET", "outcomes/shared/")[1]["in_full"]
    assert {
        "agency": "Meridian North Center",
        "team": "Meridian North Team One",
        "measure": "employed",
        "value": 18,
    } in rows
    assert {row["agency"] for row in rows} == {"Meridian North Center", "Meridian South Center"}
    assert send(cast, "trainer", "GET", "outcomes/shared/")[1]["in_full"] == rows
    for persona in ("east_leader", "specialist", "stakeholder"):
        assert send(cast, persona, "GET", "outcomes/shared/")[1]["in_full"] == []
    answers(cast, "south", accepts=False)
    assert {row["agency"] for row in send(cast, "leader", "GET", "outcomes/shared/")[1]["in_full"]} == {
        "Meridian North Center"
    }

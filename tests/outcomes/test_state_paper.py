"""Papers about a whole state: the summary for its leads, and the brief on one page for the people they answer to."""

import csv
import io
import subprocess

import pytest
from django.urls import reverse

from agencies import tenancy
from agencies.refusals import NotPermitted, StaleVersion, Unacceptable
from ips_portal import pdf
from ips_portal.reports.models import ReportRequest
from outcomes import printing, reports
from outcomes.actions import deciding, opening
from outcomes.actions.briefs import write_brief
from outcomes.dashboards.brief import brief
from outcomes.models import BRIEF_LIMIT, StateQuarter
from tests.cast import StateCast, make_cast, refused
from tests.outcomes import quarters
from tests.pdfua import verify

LEADS = ("admin", "trainer", "vr_liaison", "mh_liaison", "department_liaison")
OTHERS = ("leader", "supervisor", "specialist", "payer", "reviewer", "stakeholder")
FIGURES = {"north_one": ("supervisor", 40, 18), "south_one": ("other_supervisor", 30, 9)}


@pytest.fixture
def cast(db: None) -> StateCast:
    return make_cast().meridian


@pytest.fixture
def period(cast: StateCast) -> StateQuarter:
    """Two of four teams have figures in force: 27 of 70 people worked, the middle of 45% and 30%."""
    for team, (persona, served, employed) in FIGURES.items():
        report = quarters.expected(cast, team)
        quarters.enter(cast, report, persona, served=served, employed=employed)
        quarters.submit(cast, report, persona)
        quarters.accept(cast, report)
    return period_of(cast)


def period_of(cast: StateCast) -> StateQuarter:
    with tenancy.as_system(cast.state.pk):
        return StateQuarter.objects.select_related("state").get(quarter=quarters.last_quarter(cast))


def text_of(made: bytes) -> str:
    command = ["pdftotext", "-", "-"]
    said = subprocess.run(command, input=made, capture_output=True, check=True).stdout.decode()
    return " ".join(said.split())


def address(period: StateQuarter, name: str = "quarter-brief") -> str:
    return reverse(f"outcomes:{name}", args=["meridian", period.quarter])


def write(cast: StateCast, period: StateQuarter, text: str, persona: str = "vr_liaison") -> None:
    with cast.entered(persona) as by:
        write_brief(period, text=text, is_checked=False, version=period.version, by=by)


# The same numbers everywhere


def test_page_file_and_papers_give_the_same_numbers(cast: StateCast, period: StateQuarter) -> None:
    with cast.entered("mh_liaison"):
        summary, short = reports.state_content(period.pk), reports.brief_content(period.pk)
    made = [printing.state_quarter_pdf(summary), printing.brief_pdf(short)]
    client = cast.seen_by("mh_liaison")
    compared = client.get(reverse("outcomes:state-comparison", args=["meridian"])).content.decode()
    page = client.get(address(period)).content.decode()
    listed = client.get(reverse("outcomes:quarter-file", args=["meridian", "csv"])).content.decode()
    rows = list(csv.reader(io.StringIO(listed)))
    heading = next(row for row in rows if "People served" in row)
    column = {name: heading.index(name) for name in ("People served", "People working")}
    counted = {
        name: sum(int(row[at]) for row in rows if len(row) > at and row[at].isdigit())
        for name, at in column.items()
    }
    assert counted == {"People served": 70, "People working": 27}
    paper, one_page = map(text_of, made)
    for found in (paper, one_page, page):
        assert "27 people working of 70 people served" in found
        assert "39%" in found  # 27 of 70
        assert "2 of 4 teams reported" in found
    assert "39%" in compared
    assert "38%" in paper  # the middle of 45% and 30%
    assert "38%" in compared
    assert "39% n=2" in paper.replace(" = ", "=")
    assert {(each["label"], each["value"]) for each in summary["sums"]} >= {
        ("People served", "70"),
        ("People working", "27"),
    }
    assert [verify(each) for each in made] == [[], []]
    assert pdf.pages(made[1]) == 1


def test_every_figure_says_how_much_it_rests_on(cast: StateCast, period: StateQuarter) -> None:
    report = quarters.expected(cast, "north_two")
    quarters.enter(cast, report, "sibling_supervisor")
    quarters.submit(cast, report, "sibling_supervisor")
    with cast.entered("trainer"):
        content = reports.state_content(period.pk)
    said = {each["coverage"] for each in [*content["numbers"], *content["sums"]]}
    assert said == {"3 of 4 teams reported, 2 are in this figure"}
    assert len(content["trend"]) == 8
    assert {each["coverage"] for each in content["trend"][:-1]} == {"no team expected"}
    assert [each["rates"][-1] for each in content["teams"]] == ["45%", "", "30%", ""]
    assert [each["finality"] for each in content["teams"]] == [
        "provisional",
        "no accepted figures",
        "provisional",
        "no accepted figures",
    ]
    assert content["status"] == "Provisional"
    assert content["job"]
    assert all(source for *_, source in content["published"])


def test_averages_and_figures_of_an_agency_are_not_added_up(cast: StateCast, period: StateQuarter) -> None:
    with cast.entered("trainer"):
        labels = {each["label"] for each in reports.state_content(period.pk)["sums"]}
    assert "Specialists (full-time equivalents)" in labels
    assert not labels & {"Average hourly wage", "Average weekly hours"}
    assert not any("agency" in label for label in labels)


def test_final_is_said_once_all_that_came_in_is_locked(cast: StateCast, period: StateQuarter) -> None:
    waiting = quarters.expected(cast, "north_two")
    quarters.enter(cast, waiting, "sibling_supervisor")
    quarters.submit(cast, waiting, "sibling_supervisor")
    with cast.entered("admin") as admin:
        for team in FIGURES:
            deciding.lock_now(quarters.expected(cast, team), by=admin)
        assert reports.state_content(period.pk)["status"] == "Provisional"
        assert "They are provisional" in brief(period).completeness
    quarters.accept(cast, waiting)
    with cast.entered("admin") as admin:
        deciding.lock_now(quarters.expected(cast, "north_two"), by=admin)
        content = reports.state_content(period.pk)
        assert (content["status"], content["trend"][-1]["finality"]) == ("Final", "final")
        assert "They are final." in brief(period).completeness


# Who has them


@pytest.mark.parametrize("persona", LEADS)
@pytest.mark.parametrize("name", ["state-pdf", "brief-pdf"])
def test_whoever_leads_the_state_asks_for_its_paper(
    cast: StateCast, period: StateQuarter, persona: str, name: str
) -> None:
    answer = cast.seen_by(persona).post(address(period, name))
    assert answer.status_code == 302
    with tenancy.as_system(cast.state.pk):
        made = ReportRequest.objects.get()
    assert made.team_id is None
    assert str(made.public_id) in answer["Location"]
    again = cast.seen_by("admin").post(address(period, name))
    assert again["Location"] == answer["Location"]  # the same numbers, the same file
    page = reverse("reports:report-page", args=["meridian", made.public_id])
    assert {cast.seen_by(other).get(page).status_code for other in LEADS} == {200}
    assert {cast.seen_by(other).get(page).status_code for other in OTHERS} == {404}


@pytest.mark.parametrize("persona", OTHERS)
def test_for_everybody_else_there_is_no_such_page(
    cast: StateCast, period: StateQuarter, persona: str
) -> None:
    client = cast.seen_by(persona)
    unknown = reverse("outcomes:quarter-brief", args=["meridian", period.quarter - 40])
    assert client.get(address(period)).status_code == client.get(unknown).status_code == 404
    assert {client.post(address(period, name)).status_code for name in ("state-pdf", "brief-pdf")} <= {
        403,
        404,
    }
    assert client.post(address(period), {"text": "x", "version": 1}).status_code in (403, 404)
    with cast.entered(persona) as actor:
        assert not StateQuarter.objects.exists()
        with refused(NotPermitted):
            write_brief(period, text="x", is_checked=False, version=1, by=actor)


def test_the_comparison_leads_to_both(cast: StateCast, period: StateQuarter) -> None:
    where = reverse("outcomes:state-comparison", args=["meridian"])
    page = cast.seen_by("department_liaison").get(where).content.decode()
    assert address(period) in page
    assert address(period, "state-pdf") in page
    assert "To pass on" not in cast.seen_by("leader").get(where).content.decode()


def test_without_accepted_figures_there_is_no_paper(cast: StateCast) -> None:
    opening.open_quarter(cast.state, quarters.last_quarter(cast))
    period = period_of(cast)
    client = cast.seen_by("admin")
    assert client.get(address(period)).status_code == 200
    answer = client.post(address(period, "state-pdf"))
    assert answer.status_code == 409
    assert "once figures of the quarter are accepted" in answer.content.decode()


def test_a_quarter_is_made_once(cast: StateCast) -> None:
    for _ in range(2):
        opening.open_quarter(cast.state, quarters.last_quarter(cast))
    with tenancy.as_system(cast.state.pk):
        assert StateQuarter.objects.count() == 1


# What the brief says


def test_the_brief_speaks_of_the_state_and_names_no_team(cast: StateCast, period: StateQuarter) -> None:
    with cast.entered("vr_liaison"):
        said = brief(period)
    assert [each.value for each in said.numbers] == ["39%", "17%", "3.6", "70"]
    assert said.numbers[0].compared.startswith(
        "The quarter before has no figures; 2 points below the average of US programs (41%)"
    )
    assert said.attention.startswith("2 teams of 4 have not reported this quarter")
    assert said.completeness.startswith("2 of 4 reported; the figures of 2 teams are accepted")
    assert "provisional" in said.completeness
    everything = str(said)
    for name in [each.name for each in (*cast.teams.values(), *cast.agencies.values())]:
        assert name not in everything


def test_the_page_keeps_the_words_of_the_state(cast: StateCast, period: StateQuarter) -> None:
    client = cast.seen_by("mh_liaison")
    saved = client.post(address(period), {"text": "We hire two trainers.", "is_checked": "", "version": 1})
    assert saved.status_code == 302
    assert "We hire two trainers." in cast.seen_by("vr_liaison").get(address(period)).content.decode()
    with cast.entered("admin"):
        made = printing.brief_pdf(reports.brief_content(period.pk))
    assert "We hire two trainers." in text_of(made)


def test_new_words_are_a_new_paper(cast: StateCast, period: StateQuarter) -> None:
    client = cast.seen_by("vr_liaison")
    first = client.post(address(period, "brief-pdf"))["Location"]
    write(cast, period, "More to say.")
    assert client.post(address(period, "brief-pdf"))["Location"] != first


def test_who_saves_second_loses_nothing(cast: StateCast, period: StateQuarter) -> None:
    write(cast, period, "Mine came first.")
    client = cast.seen_by("mh_liaison")
    answer = client.post(address(period), {"text": "Mine came second.", "version": 1})
    page = answer.content.decode()
    assert answer.status_code == 409
    assert "Mine came second." in page
    assert "Mine came first." in page
    assert 'name="version" value="2"' in page
    assert client.post(address(period), {"text": "Both.", "version": 2}).status_code == 302
    with cast.entered("admin"), refused(StaleVersion):
        write_brief(period_of(cast), text="Late.", is_checked=False, version=1, by=cast.actor("admin"))


def test_the_same_words_sent_twice_are_saved_once(cast: StateCast, period: StateQuarter) -> None:
    client = cast.seen_by("mh_liaison")
    for _ in range(2):
        assert client.post(address(period), {"text": "Once.", "version": 1}).status_code == 302
    assert period_of(cast).version == 2


def test_what_looks_like_a_person_served_wants_a_second_look(cast: StateCast, period: StateQuarter) -> None:
    client = cast.seen_by("vr_liaison")
    told = {"text": "Call the office at 601-555-0134.", "version": "1"}
    answer = client.post(address(period), told)
    assert answer.status_code == 422
    assert "This looks like a long number" in answer.content.decode()
    assert told["text"] in answer.content.decode()
    assert 'type="checkbox"' in answer.content.decode()
    assert client.post(address(period), {**told, "is_checked": "on"}).status_code == 302


def test_words_that_fit_no_page_are_refused(cast: StateCast, period: StateQuarter) -> None:
    with cast.entered("admin") as by:
        for text in ("x" * (BRIEF_LIMIT + 1), "line\n" * 60, "W" * 3000):
            with refused(Unacceptable, match=r"limit|page"):
                write_brief(period, text=text, is_checked=False, version=1, by=by)


@pytest.mark.parametrize(
    "text",
    [
        "The agencies hired specialists. " * 125,
        "Aaaaa wwwww mmmm " * 150,
        "A paragraph.\n\n" * 25,
        "W" * 2100,
    ],
)
def test_as_many_words_as_are_taken_fit_on_one_page(cast: StateCast, period: StateQuarter, text: str) -> None:
    write(cast, period, text.strip()[:BRIEF_LIMIT])
    with cast.entered("vr_liaison"):
        made = printing.brief_pdf(reports.brief_content(period.pk))
    assert pdf.pages(made) == 1
    assert verify(made) == []


def test_the_number_of_queries_does_not_grow_with_teams(
    cast: StateCast, period: StateQuarter, django_assert_num_queries: object
) -> None:
    with cast.entered("admin"), django_assert_num_queries(7):  # type: ignore[operator]
        reports.state_content(period.pk)
    for team, persona in (("north_two", "sibling_supervisor"),):
        report = quarters.expected(cast, team)
        quarters.enter(cast, report, persona)
        quarters.submit(cast, report, persona)
        quarters.accept(cast, report)
    with cast.entered("admin"), django_assert_num_queries(7):  # type: ignore[operator]
        reports.state_content(period.pk)

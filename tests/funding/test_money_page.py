"""The what-if on money: own rates times own figures, in the address, for who may see both."""

import re
from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from funding.actions import money
from funding.dashboards.figures import of_quarters
from funding.dashboards.money import gap_in_words
from funding.money import Payment, Trigger
from ips_portal.quarters import Quarter
from outcomes.figures import Figure, Figures
from tests.cast import Cast, StateCast
from tests.funding.rates import HOURS, MILESTONES, begun
from tests.funding.sources import add
from tests.outcomes import quarters

pytestmark = pytest.mark.django_db
STARTS = replace(
    MILESTONES, payments=(Payment("Job start", Trigger.JOB_START, Decimal("1000.00"), repeatable=True),)
)


def ask(cast: StateCast, persona: str = "admin", **asked: Any) -> Any:
    return cast.seen_by(persona).get(reverse("funding:money", args=[cast.state.slug]), asked)


def case(cast: StateCast, *paid: int, **said: Any) -> dict[str, Any]:
    now = Quarter.of(cast.state.today())
    return {"asked": "1", "first": now.slug, "paid": [str(key) for key in paid], **said}


def told(answer: Any) -> str:
    """The words of a page, apart from its marks."""
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", answer.content.decode()))


def value(answer: Any, name: str) -> str:
    (field,) = re.findall(rf'<input[^>]*name="{name}"[^>]*>', answer.content.decode())
    return "".join(re.findall(r'value="([^"]*)"', field))


def test_rates_times_figures_are_revenue_and_a_gap_for_four_quarters(cast: StateCast) -> None:
    row = begun(cast, STARTS)
    figures = {"job_starts-low": "8", "job_starts-high": "11", "fte-low": "2", "cost_per_fte-low": "$60,000"}
    answer = ask(cast, **case(cast, row.pk, **figures), **{f"share-{row.pk}-low": "50"})
    words = told(answer)
    assert answer.status_code == 200
    assert words.count("$4,000.00 to $5,500.00 $30,000.00 $24,500.00 to $26,000.00 not covered.") == 4
    assert "no claim, no payment and no promise" in words
    assert "Typed by hand: Job starts; Specialists" in words


def test_what_nobody_knows_is_a_range_and_told(cast: StateCast) -> None:
    row = begun(cast)
    words = told(ask(cast, **case(cast, row.pk, **{"job_starts-low": "10", "served-low": "40"})))
    assert "How many jobs last 45 days is not collected; from 0% to 100% of job starts." in words
    assert "for how many of the people it pays is not known; from none of them to all." in words
    assert "It pays only if: One job sufficed." in words
    assert "$0.00 to $41,005.00" in words  # 10 starts, 10 at 45 days, 10 closures
    assert "Not known without specialists" in words


def test_a_case_that_names_no_quarter_begins_with_this_one(cast: StateCast) -> None:
    answer = ask(cast, asked="1")
    assert answer.status_code == 200
    assert Quarter.of(cast.state.today()).months in told(answer)
    assert ask(cast, asked="1", first="soon").status_code == 422


def test_what_cannot_be_counted_is_left_out_and_told(cast: StateCast) -> None:
    words = told(ask(cast, **case(cast, begun(cast, HOURS).pk)))
    assert "State general funds: Hours, Hour: Nobody has said how many hours of service are given." in words


def test_a_team_brings_the_lowest_and_highest_of_its_accepted_quarters(cast: StateCast) -> None:
    row = begun(cast, STARTS)
    last = quarters.last_quarter(cast)
    for back, starts in ((4, 12), (3, 8), (2, 9), (1, 7), (0, 8)):
        report = quarters.expected(cast, quarter=last - back)
        quarters.enter(cast, report, job_starts=starts, new_enrollees=5)
        quarters.accept(cast, quarters.submit(cast, report))
    team = cast.teams["north_one"]
    answer = ask(cast, **case(cast, row.pk, team=team.slug))
    assert (value(answer, "job_starts-low"), value(answer, "job_starts-high")) == ("7", "9")
    assert value(answer, "fte-low") == "2.5"
    words = told(answer)
    assert f"Lowest and highest of {team.name}, accepted" in words
    assert "It did not collect: Successful Vocational Rehabilitation closures; People holding a job" in words
    typed = ask(cast, **case(cast, row.pk, team=team.slug, **{"job_starts-low": "5"}))
    assert (value(typed, "job_starts-low"), value(typed, "job_starts-high")) == ("5", "")
    assert "Typed by hand: Job starts." in told(typed)
    anew = ask(cast, **case(cast, row.pk, team=team.slug, take="1", **{"job_starts-low": "5"}))
    assert (value(anew, "job_starts-low"), value(anew, "job_starts-high")) == ("7", "9")


def test_drafts_and_figures_of_others_are_never_taken(cast: StateCast) -> None:
    begun(cast, STARTS)
    draft = quarters.expected(cast)
    quarters.enter(cast, draft, job_starts=13)
    team = cast.teams["north_one"]
    for persona in ("leader", "admin", "vr_liaison"):
        assert team.slug not in ask(cast, persona).content.decode()
    quarters.accept(cast, quarters.submit(cast, draft))
    for persona, sees in (("leader", True), ("vr_liaison", True), ("other_leader", False), ("payer", False)):
        answer = ask(cast, persona, **case(cast, team=team.slug))
        assert ("13" in [value(answer, "job_starts-low")]) == sees
        assert (f'value="{team.slug}"' in answer.content.decode()) == sees
    assert ask(cast, "supervisor").status_code == 404


def test_a_team_of_another_state_is_no_choice(both: Cast) -> None:
    report = quarters.expected(both.bayou)
    quarters.enter(both.bayou, report)
    quarters.accept(both.bayou, quarters.submit(both.bayou, report))
    row = begun(both.bayou, STARTS)
    answer = ask(both.meridian, **case(both.meridian, row.pk, team=both.bayou.teams["north_one"].slug))
    assert answer.status_code == 200  # neither is offered, so nothing was chosen
    assert "Milestones" not in answer.content.decode()
    assert value(answer, "job_starts-low") == ""


@pytest.mark.parametrize(
    ("said", "field", "words"),
    [
        ({"served-low": "-1"}, "served-low", "never below zero"),
        ({"served-low": "9", "served-high": "8"}, "served-high", "below the low one"),
        ({"months-high": "4"}, "months-high", "3 at most"),
        ({"served-low": "many"}, "served-low", "in digits"),
        ({"held-90-low": "101"}, "held-90-low", "100 at most"),
        ({"first": "1999-q1"}, "first", ""),
    ],
)
def test_a_figure_that_cannot_be_is_told_beside_it(
    cast: StateCast, said: dict[str, str], field: str, words: str
) -> None:
    row = begun(cast, STARTS)
    answer = ask(cast, **(case(cast, row.pk) | said))
    page = answer.content.decode()
    assert answer.status_code == 422
    assert words in page.partition(f'id="filter_{field}_error"')[2].partition("</span>")[0]
    assert "Line by line" not in page


def test_a_grant_with_an_amount_and_both_days_counts_by_its_days_and_the_share_of_the_team(
    cast: StateCast,
) -> None:
    now = Quarter.of(cast.state.today())
    grant = add(
        cast, "Fund", starts_on=now.starts_on, ends_on=now.ends_on, amount=Decimal("9000.00"), keeper=""
    )
    open_end = add(cast, "No end", starts_on=now.starts_on, ends_on=None, amount=Decimal("7.00"), keeper="")
    asked = case(
        cast, grants=[str(grant.pk)], **{f"grant-{grant.pk}-low": "10", f"grant-{grant.pk}-high": "20"}
    )
    words = told(ask(cast, **asked))
    assert words.count("$900.00 to $1,800.00 Not known") == 1
    assert "Grants, Fund: No day of it lies in" in words
    assert open_end.name not in words
    assert "from none to all" in told(ask(cast, **case(cast, grants=[str(grant.pk)])))


def test_a_next_version_counts_from_its_day_and_both_are_one_choice(cast: StateCast) -> None:
    row = begun(cast, STARTS)
    now = Quarter.of(cast.state.today())
    dearer = replace(STARTS.payments[0], amount=Decimal("2000.00"))
    with cast.entered("admin") as by:
        money.follow(row, replace(STARTS, starts_on=(now + 1).starts_on, payments=(dearer,)), by=by)
    share = {f"share-{row.pk}-low": "100"}
    words = told(ask(cast, **case(cast, row.pk, **{"job_starts-low": "10"}), **share))
    assert (words.count("$10,000.00 Not known"), words.count("$20,000.00 Not known")) == (1, 3)


def test_the_page_asks_as_much_for_many_schedules_as_for_few(cast: StateCast) -> None:
    row = begun(cast, STARTS)
    browser = cast.seen_by("admin")
    here, asked = reverse("funding:money", args=[cast.state.slug]), case(cast, row.pk)

    def queries() -> int:
        with CaptureQueriesContext(connection) as found:
            assert browser.get(here, asked).status_code == 200
        return len(found)

    queries()
    before = queries()
    keys = [begun(cast, HOURS, name=f"Hours {number}").pk for number in range(12)]
    asked["paid"] = [str(key) for key in (row.pk, *keys)]
    assert queries() == before


def test_a_share_of_two_counts_needs_both() -> None:
    def reported(**values: int) -> tuple[Quarter, Figures]:
        return Quarter(2026, 1), Figures({key: Figure(number) for key, number in values.items()})

    found = of_quarters(
        [
            reported(employed=20, employed_90_days=15),
            reported(employed=0, employed_90_days=0),
            reported(employed=9),
        ]
    )
    assert found.ends["held-90"] == (Decimal("75.00"), Decimal("75.00"))
    assert "People served" in found.missing


@pytest.mark.parametrize(
    ("gap", "words"),
    [
        (("-5", "10"), "From $5.00 left over to $10.00 not covered."),
        (("5", "10"), "$5.00 to $10.00 not covered."),
        (("-10", "-5"), "$5.00 to $10.00 left over."),
        (("0", "0"), "Revenue meets cost."),
        (("0", "3"), "$0.00 to $3.00 not covered."),
    ],
)
def test_a_gap_is_said_in_words(gap: tuple[str, str], words: str) -> None:
    assert gap_in_words((Decimal(gap[0]), Decimal(gap[1]))) == words

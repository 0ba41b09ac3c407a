"""What anybody reads of a state: only where the state says so, rounded, once. Source: trust reference 2.4, T-public."""

import pytest
from django.db import connection
from django.test import Client

from agencies import tenancy
from agencies.models import StatePolicy
from outcomes.actions import deciding, entering, publication
from outcomes.actions.entering import Cell
from outcomes.figures import Figure
from outcomes.models import PublicQuarter
from outcomes.policy import OutcomesPolicyError, state_policy
from outcomes.suppression.shown import rounded
from tests.cast import STARTED, StateCast, make_state
from tests.outcomes import quarters
from tests.outcomes.programs import EMPLOYED, SERVED, accepted, published, three_agencies

URL = "/public/meridian/outcomes/"
FILE = "/public/meridian/outcomes.csv"


@pytest.fixture
def cast(db: None) -> StateCast:
    """A year of figures."""
    found = three_agencies()
    last = quarters.last_quarter(found)
    for quarter in last.last(4)[:3]:
        for team in SERVED:
            accepted(found, team, quarter, employed=EMPLOYED[team] + last.since(quarter))
    return found


def decide(cast: StateCast, *, public: bool) -> None:
    with tenancy.as_system(cast.state.pk):
        StatePolicy.objects.update_or_create(
            state=cast.state,
            subject=StatePolicy.Subject.OUTCOMES,
            effective_from=STARTED,
            defaults={"name": "Told to all", "data": {"sharing": {"public": public}}},
        )


def test_without_the_states_word_there_is_no_page(cast: StateCast) -> None:
    published(cast)
    for url in (URL, FILE, "/public/nowhere/outcomes/", "/public/meridian/"):
        assert Client().get(url).status_code == 404
    assert cast.seen_by("admin").get(URL).status_code == 404


def test_anybody_reads_the_rounded_totals_of_four_quarters(cast: StateCast) -> None:
    decide(cast, public=True)
    published(cast)
    answer = Client().get(URL)
    text = answer.content.decode()
    served = 4 * sum(SERVED.values())
    assert answer.status_code == 200
    assert f">{rounded(served):,}<" in text
    assert f"{served:,}" not in text or rounded(served) == served
    assert "person-quarters" in text
    assert "fewer than 11 people" in text
    assert not {"North", "South", "East"} & set(text.split())
    file = Client().get(FILE).content.decode("utf-8-sig")
    assert f"People served,{rounded(served):,}".replace(",", "") in file.replace('"', "").replace(",", "")


def test_it_is_the_same_for_everybody_and_leaves_no_cookie(cast: StateCast) -> None:
    decide(cast, public=True)
    published(cast)
    for path in (URL, FILE):
        stranger, admin = Client().get(path), cast.seen_by("admin").get(path)
        assert stranger.content == admin.content
        assert stranger.cookies == admin.cookies == {}
        assert stranger["Cache-Control"] == "public, max-age=3600"
    assert Client().post(URL).status_code == 405


def test_a_correction_never_changes_it(cast: StateCast) -> None:
    decide(cast, public=True)
    published(cast)
    before = Client().get(URL).content
    report = quarters.expected(cast, "south_one")
    with cast.entered("admin") as by:
        report = deciding.reopen(report, reason="Counted people twice.", by=by)
    with cast.entered("other_leader") as by:
        entering.save_cells(report, cells={"served": Cell(Figure(55), Figure(52))}, by=by)
    quarters.accept(cast, quarters.submit(cast, report, "other_leader"))
    assert published(cast)
    assert Client().get(URL).content == before


def test_a_state_that_no_longer_tells_everybody_closes_the_page_with_its_next_quarter(
    cast: StateCast,
) -> None:
    last = quarters.last_quarter(cast)
    decide(cast, public=True)
    while publication.publish_quarter(cast.state, last - 1, last.ends_on):
        pass
    assert Client().get(URL).status_code == 200
    decide(cast, public=False)
    published(cast)
    assert Client().get(URL).status_code == 404
    with tenancy.as_system(cast.state.pk):
        assert not PublicQuarter.objects.get(quarter=last).figures


def test_no_tenant_reads_what_is_told_to_all_and_nothing_else(cast: StateCast) -> None:
    decide(cast, public=True)
    published(cast)
    bayou = make_state("Bayou")
    with tenancy.as_nobody(), connection.cursor() as cursor:
        for table, count in (("publicquarter", 4), ("publishedfigure", 0), ("publication", 0)):
            cursor.execute(f"SELECT count(*) FROM outcomes_{table}")  # noqa: S608  # of constants alone
            assert cursor.fetchone() == (count,)
    with bayou.entered("admin"):
        assert not PublicQuarter.objects.exists()


def test_the_front_page_leads_to_states_that_tell_everybody(cast: StateCast) -> None:
    decide(cast, public=True)
    assert URL not in Client().get("/").content.decode()
    published(cast)
    assert f'href="{URL}">Meridian</a>' in Client().get("/").content.decode()


def test_a_count_is_rounded_to_the_nearest_five() -> None:
    assert [rounded(count) for count in (11, 12, 13, 17, 18, 820)] == [10, 10, 15, 15, 20, 820]
    assert rounded(None) is None


def test_what_committee_members_do_not_see_is_not_told_to_everybody() -> None:
    with pytest.raises(OutcomesPolicyError, match="public: what committee members do not see"):
        state_policy({"sharing": {"public": True, "stakeholders": False}})

"""How much of the need a state meets: dated, with its source, and said only where it is known."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from django.urls import reverse

from agencies.models import StatePolicy
from agencies.refusals import NotPermitted, Unacceptable
from outcomes import reports
from outcomes.actions import need as recording
from outcomes.dashboards.comparison import comparison
from outcomes.dashboards.need import need_met
from outcomes.in_force import eligible_on
from outcomes.models import StateQuarter
from outcomes.need import Estimate, need
from tests.cast import StateCast, make_cast, refused
from tests.outcomes import quarters

LONG_AGO = date(2020, 1, 1)
ESTIMATE = Estimate(2000, 500_000, LONG_AGO, "Estimate of the health department.")


@pytest.fixture
def cast(db: None) -> StateCast:
    return make_cast().meridian


@pytest.fixture
def accepted(cast: StateCast) -> StateCast:
    """40 people served by one team of four."""
    report = quarters.expected(cast)
    quarters.enter(cast, report)
    quarters.submit(cast, report)
    quarters.accept(cast, report)
    return cast


def record(cast: StateCast, persona: str = "admin", **changed: object) -> StatePolicy:
    with cast.entered(persona) as by:
        return recording.record(cast.state, estimate=replace(ESTIMATE, **changed), by=by)  # type: ignore[arg-type]


def page(cast: StateCast, persona: str, name: str = "state-comparison") -> str:
    return cast.seen_by(persona).get(reverse(f"outcomes:{name}", args=["meridian"])).content.decode()


def test_a_share_says_of_whom_and_a_density_for_how_many_residents() -> None:
    found = need(ESTIMATE, served=37, reporting=1, expected=4)
    assert (found.share, found.density) == ("1.9%", "8.0")
    assert found.share_of == (
        "37 people served by 1 team with accepted figures, of 2,000 people eligible for IPS"
    )
    assert found.density_of == "4 teams for 500,000 residents"
    assert found.recorded == "As of January 1, 2020: Estimate of the health department."


def test_nothing_is_guessed() -> None:
    found = need(replace(ESTIMATE, residents=None), served=None, reporting=0, expected=4)
    assert (found.share, found.density) == ("", "")


@pytest.mark.parametrize("persona", ["admin", "trainer", "vr_liaison", "mh_liaison"])
def test_page_and_paper_of_the_states_leads_say_the_same(accepted: StateCast, persona: str) -> None:
    record(accepted)
    text = page(accepted, persona)
    assert "<b>2.0%</b>" in text
    assert "40 people served by 1 team with accepted figures, of 2,000 people eligible for IPS" in text
    with accepted.entered(persona):
        period = StateQuarter.objects.get(quarter=quarters.last_quarter(accepted))
        assert reports.state_content(period.pk)["need"]["share"] == "2.0%"
    if persona == "vr_liaison":
        assert "<b>2.0%</b>" in accepted.seen_by(persona).get("/meridian/").content.decode()


def test_without_a_recorded_number_only_the_admin_is_asked_for_it(accepted: StateCast) -> None:
    where = reverse("outcomes:need-edit", args=["meridian"])
    assert where in page(accepted, "admin")
    for persona in ("vr_liaison", "trainer"):
        assert "the need met" not in page(accepted, persona)
        assert where not in page(accepted, persona)


def test_an_agency_reads_nothing_of_it(accepted: StateCast) -> None:
    record(accepted)
    assert "need met" not in page(accepted, "leader")


def test_a_quarter_is_compared_with_what_held_then(accepted: StateCast) -> None:
    quarter = quarters.last_quarter(accepted)
    record(accepted)
    record(accepted, eligible=400, as_of=quarter.ends_on + timedelta(days=1))
    with accepted.entered("admin") as admin:
        seen = comparison(accepted.state, admin, quarter)
        found = need_met(eligible_on(accepted.state.pk, quarter.ends_on), quarter, seen.figures, 4)
    assert found is not None
    assert found.share == "2.0%"


def test_the_same_day_again_corrects_what_was_recorded(cast: StateCast) -> None:
    assert record(cast).pk == record(cast, eligible=3000).pk
    text = page(cast, "trainer", "measure-list")
    assert "3,000 people of 500,000 residents" in text
    assert "2,000 people" not in text


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"eligible": 39}, "Teams served 40 people"),
        ({"residents": 1999}, "fewer residents"),
        ({"eligible": 0}, "above 0"),
        ({"source": ""}, "where the numbers are from"),
        ({"as_of": date(2090, 1, 1)}, "not come yet"),
    ],
)
def test_what_cannot_be_is_refused_with_words(
    accepted: StateCast, changed: dict[str, object], words: str
) -> None:
    with refused(Unacceptable, words):
        record(accepted, **changed)


def test_a_number_is_compared_with_the_quarters_it_holds_for(accepted: StateCast) -> None:
    quarter = quarters.last_quarter(accepted)
    before, within = quarter.starts_on - timedelta(days=1), quarter.ends_on
    with refused(Unacceptable, "Teams served 40 people"):
        record(accepted, eligible=39, as_of=before)
    with refused(Unacceptable, "Teams served 40 people"):
        record(accepted, eligible=39, as_of=within)
    assert record(accepted, eligible=39, as_of=quarter.ends_on + timedelta(days=1))
    assert record(accepted, as_of=within)
    assert record(accepted, eligible=39, as_of=before)  # another number holds for the quarter by then
    earlier = quarters.expected(accepted, quarter=quarter - 2)
    quarters.enter(accepted, earlier, served=60)
    quarters.accept(accepted, quarters.submit(accepted, earlier))
    with refused(Unacceptable, "Teams served 60 people"):
        record(accepted, eligible=59, as_of=(quarter - 2).starts_on)


@pytest.mark.parametrize("persona", ["trainer", "vr_liaison", "leader", "supervisor"])
def test_only_the_states_admin_records_it(cast: StateCast, persona: str) -> None:
    with pytest.raises(NotPermitted):
        record(cast, persona)


def test_the_form_records_it_and_keeps_what_was_typed(accepted: StateCast) -> None:
    client = accepted.seen_by("admin")
    where = reverse("outcomes:need-edit", args=["meridian"])
    typed = {"eligible": "30", "residents": "", "as_of": "1/1/2020", "source": "A survey."}
    again = client.post(where, typed)
    assert again.status_code == 422
    assert "Teams served 40 people" in again.content.decode()
    assert "A survey." in again.content.decode()
    done = client.post(where, {**typed, "eligible": "1,600"})
    assert done.status_code == 302
    assert "1,600 people" in page(accepted, "admin", "measure-list")

"""The rounded rates of a state move with its publications alone, so no single report can be read out of them."""

from decimal import Decimal

import pytest
from django.urls import reverse

from outcomes import publishing
from outcomes.actions import deciding, entering, publication
from outcomes.actions.entering import Cell
from outcomes.figures import Figure
from outcomes.models import SharedRate
from outcomes.suppression.choosing import CannotHide
from tests.cast import StateCast
from tests.outcomes import quarters
from tests.outcomes.programs import published, three_agencies

EMPLOYMENT = Decimal("0.40")  # 81 of 205
CORRECTED = Decimal("0.47")  # 97 of 205


@pytest.fixture
def cast(db: None) -> StateCast:
    return three_agencies()


def read_by(cast: StateCast, persona: str = "other_supervisor") -> dict[str, Decimal]:
    with cast.entered(persona) as by:
        return {row.measure: row.value for row in SharedRate.objects.visible_to(by)}


def trend(cast: StateCast) -> str:
    url = reverse("outcomes:team-trend", args=[cast.state.slug, cast.teams["north_one"].slug])
    return cast.seen_by("supervisor").get(url).content.decode()


def correct(cast: StateCast, employed: int) -> None:
    report = quarters.expected(cast, "south_one")
    with cast.entered("admin") as by:
        report = deciding.reopen(report, reason="A list was left out.", by=by)
    with cast.entered("other_leader") as by:
        cell = Cell(Figure(employed), entering.draft_of(report).figures["employed"])
        entering.save_cells(report, cells={"employed": cell}, by=by)
    quarters.accept(cast, quarters.submit(cast, report, "other_leader"))


def test_nothing_is_told_before_the_quarter_is_published(cast: StateCast) -> None:
    assert read_by(cast) == {}
    published(cast)
    assert read_by(cast)["employment"] == EMPLOYMENT


def test_who_watches_the_rates_learns_nothing_of_a_correction_before_the_next_publication(
    cast: StateCast,
) -> None:
    published(cast)
    before, page = read_by(cast), trend(cast)
    assert "the state (40%)" in page
    for employed in (30, 34, 39):
        correct(cast, employed)
        publishing.check(cast.state)
        assert read_by(cast) == before
        assert "the state (40%)" in trend(cast)
    assert published(cast)
    assert read_by(cast)["employment"] == CORRECTED


def test_a_quarter_that_cannot_be_told_has_no_rates(cast: StateCast, monkeypatch: pytest.MonkeyPatch) -> None:
    published(cast)
    assert read_by(cast)
    correct(cast, 39)

    def refuses(*given: object, **more: object) -> None:
        raise CannotHide(["a leak"])

    monkeypatch.setattr(publication, "publish", refuses)
    assert published(cast) == []
    assert read_by(cast) == {}

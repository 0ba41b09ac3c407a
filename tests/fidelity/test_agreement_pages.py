"""Agreement of reviewers: by item for the state, one's own lean for oneself, kappa from 30 pairs on."""

from collections.abc import Mapping
from decimal import Decimal

import pytest

from agencies import tenancy
from agencies.models import Change
from fidelity.actions import calibration, consensus
from fidelity.actions.consensus import Settled
from fidelity.dashboards.agreement import agreement_page, own_page
from fidelity.kappa import weighted_kappa
from fidelity.models import ItemAgreement, Review
from tests.cast import StateCast, make_cast
from tests.fidelity import reviews
from tests.fidelity.pages import get, signed_in, text
from tests.fidelity.test_consensus import LEAD, SECOND, rated_apart


@pytest.fixture
def cast(db: None) -> StateCast:
    return make_cast().meridian


def compared(cast: StateCast, second: Mapping[str, int], team: str = "north_one") -> Review:
    """Lead 3 everywhere; settled and closed, so that there is a report."""
    review = rated_apart(cast, second, team=team)
    reviews.finished(cast, review, by=SECOND)
    review = reviews.finished(cast, review, by=LEAD)
    with tenancy.entered(cast.actor(LEAD)) as by:
        items = {code: Settled(3, "Agreed.") for code, score in second.items() if score != 3}
        consensus.settle(review, items=items, by=by)
        return consensus.close(review, by=by)


def test_the_state_sees_items_and_counts(cast: StateCast) -> None:
    """Two reviews of 25 items: 50 pairs; one item 1 apart, one 2 apart."""
    compared(cast, {"ST1": 4})
    compared(cast, {"ST1": 3, "SV1": 5}, team="south_one")
    with cast.entered("admin"):
        page = agreement_page(cast.state, 3)
    assert (page.whole.pairs, page.whole.exact, page.whole.within_one, page.whole.largest) == (50, 48, 49, 2)
    first, second, *_ = page.lines
    assert {first.item.code, second.item.code} == {"ST1", "SV1"}
    assert (first.agreement.pairs, first.agreement.exact) == (2, 1)
    assert page.to_train == []  # two pairs are too few to say so


def test_one_sees_the_own_lean_and_nobody_elses(cast: StateCast) -> None:
    compared(cast, {"ST1": 4, "SV1": 5, "OR1": 2})
    with cast.entered(SECOND) as actor:
        page = own_page(cast.state, actor, 3)
    assert (page.above, page.below, page.whole.pairs) == (2, 1, 25)
    assert "more often rate higher: 2 times, against 1 the other way" in page.words
    with cast.entered(LEAD) as actor:
        assert own_page(cast.state, actor, 3).below == 2
    assert "not rated beside somebody else" in text(get(cast, "second_trainer", "reviews/agreement/own/"))


@pytest.mark.parametrize(
    ("persona", "status"),
    [
        ("admin", 200),
        ("trainer", 200),
        ("vr_liaison", 200),
        ("leader", 404),
        ("supervisor", 404),
        ("specialist", 404),
    ],
)
def test_agreement_is_for_those_who_see_the_whole_state(cast: StateCast, persona: str, status: int) -> None:
    assert get(cast, persona, "reviews/agreement/").status_code == status


def test_an_empty_state_says_what_will_stand_here(cast: StateCast) -> None:
    assert "Nothing to compare yet" in text(get(cast, "admin", "reviews/agreement/"))


def test_kappa_is_worked_out_from_thirty_pairs_on(cast: StateCast) -> None:
    compared(cast, {"ST1": 4, "ST2": 2})
    calibration.count(cast.state)
    with tenancy.as_system(cast.state.pk):
        assert not ItemAgreement.objects.exists()  # 25 pairs
    compared(cast, {"ST1": 4, "ST2": 2}, team="south_one")
    calibration.count(cast.state)
    with tenancy.as_system(cast.state.pk):
        told = Change.objects.filter(table_name="fidelity_itemagreement").count()
    calibration.count(cast.state)  # the next night tells nothing new
    with tenancy.as_system(cast.state.pk):
        assert Change.objects.filter(table_name="fidelity_itemagreement").count() == told > 0
    with cast.entered("admin"):
        (whole,) = ItemAgreement.objects.all()
    assert (whole.item_code, whole.pairs) == ("", 50)
    assert str(whole.kappa) in text(get(cast, "admin", "reviews/agreement/"))


def test_kappa_of_a_worked_example() -> None:
    """Both orders of (1,1) x4, (5,5) x4, (1,5) x2: observed weighted disagreement 2/10, expected 1/2: 1 - 0.4."""
    pairs = [(1, 1)] * 4 + [(5, 5)] * 4 + [(1, 5)] * 2
    assert weighted_kappa(pairs) == Decimal("0.60")
    assert weighted_kappa([(3, 3)] * 40) is None


def test_the_api_says_what_the_pages_say(cast: StateCast) -> None:
    compared(cast, {"ST1": 4})
    address = "/api/v1/meridian/reviews/agreement/"
    said = signed_in(cast, "admin").get(address).json()
    assert said["whole"] == {"pairs": 25, "exact": 24, "within_one": 25, "largest": 1}
    assert (said["years"], said["kappa"], len(said["items"])) == (3, None, 25)
    assert (said["items"][0]["code"], said["items"][0]["agreement"]["exact"]) == ("ST1", 0)
    assert signed_in(cast, "admin").get(address, {"years": "1"}).json()["years"] == 1
    assert signed_in(cast, "admin").get(address, {"years": "2"}).status_code == 400
    assert signed_in(cast, "leader").get(address).status_code == 404
    own = signed_in(cast, SECOND).get(f"{address}own/").json()
    assert (own["above"], own["below"], own["items"][0]["code"]) == (1, 0, "ST1")

"""A new edition of a scale that the state's rules name: their marks are for its totals too, or it has another key."""

from datetime import timedelta

import pytest

from agencies.models import StatePolicy
from agencies.refusals import Unacceptable
from fidelity.actions.scales import add_scale
from fidelity.models import ScaleVersion
from tests.cast import STARTED, StateCast, make_cast
from tests.fidelity import reviews
from tests.fidelity.pages import post, text
from tests.fidelity.rules import decided
from tests.fidelity.two_parts import chosen, written

LEADS = "    leads: true\n"
SHORTER = (
    "totals of Our scale for young people in Employment lie between 2 and 10; "
    "fair begins at 10 and exemplary at 18."
)
WAY_OUT = "Give it another key, and name that in your rules with marks that fit it."


@pytest.fixture
def cast(db: None) -> StateCast:
    found = make_cast().meridian
    chosen(found)
    return found


def edition(begins: str = "2021-01-01", *, key: str = "our-youth") -> str:
    return written().replace("2020-01-01", begins).replace("key: our-youth", f"key: {key}")


def shorter(begins: str = "2021-01-01", *, key: str = "our-youth") -> str:
    """Job items count for the school, so the leading part has two items."""
    found = edition(begins, key=key)
    head, _, jobs = found.rpartition("    subscale: EMP\n")
    head = head.replace("minimum: 18, maximum: 20", "minimum: 10, maximum: 10")
    head = head.replace("minimum: 14, maximum: 17", "minimum: 8, maximum: 9")
    head = head.replace("minimum: 10, maximum: 13", "minimum: 6, maximum: 7")
    head = head.replace("minimum: 4, maximum: 9", "minimum: 2, maximum: 5")
    head = head.replace("minimum: 11, maximum: 15", "minimum: 19, maximum: 25")
    head = head.replace("minimum: 3, maximum: 10", "minimum: 5, maximum: 18")
    return f"{head}    subscale: EDU\n{jobs}"


def added(cast: StateCast, scale: str) -> ScaleVersion:
    with reviews.acting(cast, "admin") as admin:
        return add_scale(cast.state, text=scale, by=admin)


def editions(cast: StateCast, key: str = "our-youth") -> int:
    with cast.entered("admin"):
        return ScaleVersion.objects.filter(state=cast.state, key=key).count()


def marked(cast: StateCast, **marks: int) -> None:
    values = {f"thresholds.{band}": mark for band, mark in marks.items()}
    with cast.entered("admin") as admin:
        decided(cast, values, by=admin)


def test_an_edition_that_ends_elsewhere_than_the_marks_is_refused_with_a_way_out(cast: StateCast) -> None:
    with pytest.raises(Unacceptable) as refused:
        added(cast, shorter())
    assert refused.value.field == "text"
    assert SHORTER in str(refused.value)
    assert WAY_OUT in str(refused.value)
    assert editions(cast) == 1


def test_the_page_says_so_beside_the_text(cast: StateCast) -> None:
    answer = post(cast, "admin", "policy/scales/", text=shorter())
    assert answer.status_code == 422
    assert WAY_OUT in " ".join(text(answer).split())


def test_what_was_read_before_other_rules_were_decided_is_refused_all_the_same(cast: StateCast) -> None:
    begins = f"{cast.state.today()}"
    marked(cast, fair=6, good=8, exemplary=10)
    looked = text(post(cast, "admin", "policy/scales/", text=shorter(begins))).partition(
        'name="looked" value="'
    )[2]
    marked(cast, fair=6, good=8, exemplary=11)
    answer = post(cast, "admin", "policy/scales/", text=shorter(begins), looked=looked.partition('"')[0])
    assert answer.status_code == 422
    assert "exemplary at 11" in text(answer)
    assert editions(cast) == 1


def test_under_another_key_it_is_added_and_chosen(cast: StateCast) -> None:
    added(cast, shorter(key="our-youth-2"))
    with cast.entered("admin") as admin:
        values = {"thresholds.fair": 6, "thresholds.good": 8, "thresholds.exemplary": 10}
        decided(cast, {"scale_version": "our-youth-2", **values}, by=admin)
    assert editions(cast, "our-youth-2") == 1


def test_marks_of_today_that_fit_both_do_not_mend_those_of_before(cast: StateCast) -> None:
    """An edition that begins in the time of rules which it does not fit would be judged by them."""
    marked(cast, fair=6, good=8, exemplary=10)
    with pytest.raises(Unacceptable, match="exemplary at 18"):
        added(cast, shorter())
    added(cast, shorter(f"{cast.state.today()}"))
    assert editions(cast) == 2


def test_rules_to_come_are_asked_as_well(cast: StateCast) -> None:
    with cast.entered("admin"):
        began = cast.state.today() + timedelta(days=30)
        rows = StatePolicy.objects.filter(state=cast.state, subject=StatePolicy.Subject.FIDELITY)
        data = rows.get(effective_from=STARTED).data
        rows.update(data={})
        StatePolicy.objects.create(
            state=cast.state,
            subject=StatePolicy.Subject.FIDELITY,
            name="Later",
            effective_from=began,
            data=data,
        )
    with pytest.raises(Unacceptable, match=f"The rules from {began:%B %-d, %Y}"):
        added(cast, shorter())


def test_rules_that_ended_before_it_begins_are_not_asked(cast: StateCast) -> None:
    with cast.entered("admin") as admin:
        back = {"thresholds.fair": 74, "thresholds.good": 100, "thresholds.exemplary": 115}
        decided(cast, {"scale_version": "ips25-2008", **back}, by=admin)
    added(cast, shorter(f"{cast.state.today()}"))
    assert editions(cast) == 2


def test_an_edition_with_the_same_ends_is_added_and_the_same_one_once(cast: StateCast) -> None:
    assert added(cast, edition()) == added(cast, edition())
    assert added(cast, written()).effective_from.year == 2020
    assert editions(cast) == 2


def test_an_edition_led_by_another_part_is_refused_though_the_marks_have_room(cast: StateCast) -> None:
    marked(cast, fair=6, good=8, exemplary=10)
    begins = f"{cast.state.today()}"
    other = (
        edition(begins).replace(LEADS, "").replace("    name: Education\n", f"    name: Education\n{LEADS}")
    )
    other = other.replace("key: far,", "key: exemplary,").replace("key: begun,", "key: none,")
    with pytest.raises(Unacceptable, match="its leading part is Education, and the marks are for another"):
        added(cast, other)

"""Agreement of reviewers, worked out by hand. Source: domain reference 1.4."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fidelity import agreement
from fidelity.agreement import Agreement

ANNA = {"ST1": 4, "ST2": 5, "ST3": 2, "OR1": 3, "OR2": 1}
BEN = {"ST1": 4, "ST2": 4, "ST3": 5, "OR1": 3, "OR2": 3}
SCORES = st.integers(1, 5)


def test_five_items_by_hand() -> None:
    """Gaps 0, 1, 3, 0, 2: two alike, three within a point, three at most apart."""
    pairs = [(ANNA[item], BEN[item]) for item in ANNA]
    found = agreement.agreement(pairs)
    assert found == Agreement(pairs=5, exact=2, within_one=3, largest=3)
    assert (found.exact_percent, found.within_one_percent) == (40, 60)


def test_nothing_of_nothing_is_no_percentage() -> None:
    assert agreement.agreement([]) == Agreement()
    assert Agreement().exact_percent is None


@pytest.mark.parametrize(
    ("pairs", "exact", "wanted"),
    [(10, 6, True), (10, 7, False), (9, 0, False), (200, 139, False), (200, 138, True)],
)
def test_which_items_want_training(pairs: int, exact: int, wanted: bool) -> None:
    """Fewer than 70 whole percent alike, of at least ten pairs."""
    assert Agreement(pairs=pairs, exact=exact).wants_training is wanted


def test_widest_first_then_as_the_scale_has_them() -> None:
    assert agreement.to_settle([ANNA, BEN]) == ["ST3", "OR2", "ST2"]
    assert agreement.alike([ANNA, BEN]) == {"ST1": 4, "OR1": 3}


def test_three_sheets_make_three_pairs_of_an_item() -> None:
    cleo = {"ST1": 2}
    assert agreement.pairs_of([ANNA, BEN, cleo], "ST1") == [(4, 4), (4, 2), (4, 2)]
    assert agreement.pairs_of([ANNA, BEN, cleo], "ST2") == [(5, 4)]


@pytest.mark.parametrize(
    ("given", "agreed", "asked"),
    [
        ((4, 5), 4, False),
        ((4, 5), 5, False),
        ((4, 5), 3, True),  # nobody gave it
        ((2, 4), 4, True),  # two apart, whoever was right
        ((3, 3), 3, False),
        ((3, 3), 4, True),
        ((1, 3, 2), 2, True),
    ],
)
def test_when_a_reason_is_asked_for(given: tuple[int, ...], agreed: int, asked: bool) -> None:
    assert agreement.needs_reason(given, agreed) is asked


@given(st.lists(st.tuples(SCORES, SCORES)))
def test_who_comes_first_makes_no_difference(pairs: list[tuple[int, int]]) -> None:
    turned = [(other, one) for one, other in pairs]
    assert agreement.agreement(pairs) == agreement.agreement(turned)


@given(st.lists(st.tuples(SCORES, SCORES), min_size=1))
def test_every_item_is_either_alike_or_to_settle(pairs: list[tuple[int, int]]) -> None:
    one = {f"I{place}": pair[0] for place, pair in enumerate(pairs)}
    other = {f"I{place}": pair[1] for place, pair in enumerate(pairs)}
    settled, open_ = agreement.alike([one, other]), agreement.to_settle([one, other])
    assert settled.keys() | set(open_) == one.keys()
    assert not settled.keys() & set(open_)
    gaps = [abs(one[item] - other[item]) for item in open_]
    assert gaps == sorted(gaps, reverse=True)

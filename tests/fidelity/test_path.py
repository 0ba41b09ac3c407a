"""The path to the next band: it reaches it, with as few items as can be, and says nothing at the top."""

from itertools import combinations

from hypothesis import given
from hypothesis import strategies as st

from fidelity.path import path_to_next_band
from fidelity.scales import HIGHEST, LOWEST, load
from fidelity.scoring import band

SCALE = load("ips25-2008")
RATINGS = st.lists(st.integers(LOWEST, HIGHEST), min_size=len(SCALE.items), max_size=len(SCALE.items)).map(
    lambda scores: dict(zip(SCALE.codes, scores, strict=True))
)


@given(RATINGS)
def test_the_path_reaches_the_band_and_no_item_goes_beyond_the_highest(ratings: dict[str, int]) -> None:
    path, total = path_to_next_band(SCALE, ratings), sum(ratings.values())
    before = band(SCALE, total)
    if path is None:
        assert before == SCALE.labelled({})[0]
        return
    assert all(step.rating == ratings[step.item.code] < step.to <= HIGHEST for step in path.steps)
    assert len({step.item.code for step in path.steps}) == len(path.steps)
    assert sum(step.points for step in path.steps) == path.points
    after, short = band(SCALE, total + path.points), band(SCALE, total + path.points - 1)
    assert after is not None
    assert after.label == path.band
    assert short == before


@given(RATINGS)
def test_no_fewer_items_reach_it(ratings: dict[str, int]) -> None:
    path = path_to_next_band(SCALE, ratings)
    if path is None:
        return
    room = sorted((HIGHEST - rating for rating in ratings.values()), reverse=True)
    assert sum(room[: len(path.steps) - 1]) < path.points
    assert all(step.to == HIGHEST for step in path.steps[:-1])
    rest = [rating for code, rating in ratings.items() if code not in {step.item.code for step in path.steps}]
    assert all(step.rating <= min(rest, default=HIGHEST) for step in path.steps)


@given(RATINGS, st.sampled_from(SCALE.codes))
def test_an_unrated_item_leaves_no_path(ratings: dict[str, int], missing: str) -> None:
    assert path_to_next_band(SCALE, {code: ratings[code] for code in ratings if code != missing}) is None


def test_of_equal_items_those_of_single_components_come_first() -> None:
    path = path_to_next_band(SCALE, dict.fromkeys(SCALE.codes, 3))
    assert path is not None
    have = [bool(step.by_components) for step in path.steps]
    parts = sum(bool(item.components) for item in SCALE.items)
    assert have == sorted(have, reverse=True)
    assert sum(have) == min(parts, len(path.steps))
    assert all(one.item.seq < two.item.seq for one, two in combinations(path.steps[: sum(have)], 2))


def test_the_states_own_name_of_the_band_is_used() -> None:
    key = SCALE.labelled({})[0].key
    path = path_to_next_band(SCALE, dict.fromkeys(SCALE.codes, 4), {key: "Exceptional practice"})
    assert path is not None
    assert path.band == "Exceptional practice"

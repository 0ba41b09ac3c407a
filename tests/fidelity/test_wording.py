"""A state's official anchors: read line by line, shown to its reviewers, frozen into its reports, taken out again."""

import pytest

from agencies.models import Change
from agencies.refusals import NotPermitted
from fidelity import reports
from fidelity.actions.wording import load_wording
from fidelity.in_force import scale_version_on, wording_of
from fidelity.scales import Scale
from fidelity.wording import WordingError, read, write
from tests.cast import Cast, StateCast, make_cast
from tests.fidelity import reviews
from tests.fidelity.pages import at, get, post, text

OFFICIAL = "Twenty or fewer for each specialist."


@pytest.fixture
def world(db: None) -> Cast:
    return make_cast()


@pytest.fixture
def cast(world: Cast) -> StateCast:
    return world.meridian


@pytest.fixture
def scale(cast: StateCast) -> Scale:
    with cast.entered("admin"):
        return Scale.parse(scale_version_on(cast.state.pk, cast.state.today()).data)


def load(cast: StateCast, lines: str, by: str = "admin") -> int:
    answer = post(cast, by, "policy/scale/wording/", wording=lines)
    return int(answer.status_code)


# --- reading ----------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("line", ["ST1 5 Words.", "st1\t5\tWords.", "ST1: 5: Words.", "  ST1, 5) Words.  "])
def test_a_line_is_read_as_people_write_it(scale: Scale, line: str) -> None:
    assert read(f"\n{line}\n", scale) == {("ST1", 5): "Words."}


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("Caseload size", "Line 2: expected an item, a rating and the text"),
        ("ST1 6 Words.", "Line 2: ST1 is rated 1 to 5, not 6."),
        ("ST1 0 Words.", "Line 2: ST1 is rated 1 to 5, not 0."),
        ("ZZ9 5 Words.", "Line 2: "),
        ("ST2 4 Again.", "Line 2: ST2 4 stands here a second time."),
    ],
)
def test_a_line_that_cannot_be_read_is_named_with_the_reason(scale: Scale, line: str, said: str) -> None:
    with pytest.raises(WordingError) as refused:
        read(f"ST2 4 Words.\n{line}", scale)
    assert said in str(refused.value)


def test_what_is_written_reads_the_same(scale: Scale) -> None:
    wording = {("SV1", 2): "Later.", ("ST1", 5): "First."}
    assert write(wording, scale) == "ST1 5 First.\nSV1 2 Later."
    assert read(write(wording, scale), scale) == wording


# --- loading ----------------------------------------------------------------------------------------------------
def test_official_anchors_are_shown_to_reviewers_and_in_new_reports_alone(world: Cast) -> None:
    cast = world.meridian
    before = reviews.issued(cast, score=5, years_ago=1)
    assert load(cast, f"ST1 5 {OFFICIAL}") == 302
    after = reviews.issued(cast, score=5, years_ago=0)
    assert OFFICIAL in text(get(cast, "trainer", at(reviews.scheduled(cast, team="south_one"), "rate/")))
    with cast.entered("admin"):
        said = [
            reports.last_snapshot(review.pk)["sections"][0]["items"][0]["anchor"]
            for review in (before, after)
        ]
    assert said[0] != OFFICIAL == said[1]
    with world.bayou.entered("admin"):
        version = scale_version_on(world.bayou.state.pk, world.bayou.state.today())
        assert wording_of(world.bayou.state.pk, version.pk) == {}


def test_the_wording_is_changed_and_taken_out_as_a_whole(cast: StateCast) -> None:
    load(cast, f"ST1 5 {OFFICIAL}\nST1 4 More.")
    assert "ST1 4 More." in text(get(cast, "admin", "policy/scale/wording/"))
    load(cast, "ST1 5 Other words.")
    page = text(get(cast, "leader", "policy/scale/"))
    assert "Other words." in page
    assert "More." not in page
    load(cast, "")
    assert "Official wording: none loaded" in text(get(cast, "admin", "policy/scale/"))
    with cast.entered("admin"):
        kinds = Change.objects.filter(table_name="fidelity_scalewording").values_list("kind", flat=True)
        assert sorted(kinds) == ["delete", "delete", "insert", "insert", "update"]


def test_a_wrong_line_keeps_what_was_typed_and_loads_nothing(cast: StateCast) -> None:
    answer = post(cast, "admin", "policy/scale/wording/", wording=f"ST1 5 {OFFICIAL}\nST1 9 No.")
    assert answer.status_code == 422
    assert "ST1 9 No." in text(answer)
    assert OFFICIAL not in text(get(cast, "admin", "policy/scale/"))


@pytest.mark.parametrize("by", ["trainer", "leader", "payer", "operator"])
def test_only_the_states_admin_loads_wording(cast: StateCast, by: str) -> None:
    with reviews.acting(cast, by) as actor, pytest.raises(NotPermitted):
        version = scale_version_on(cast.state.pk, cast.state.today())
        load_wording(cast.state, version, wording={("ST1", 5): OFFICIAL}, by=actor)
    assert load(cast, f"ST1 5 {OFFICIAL}", by=by) in (403, 404)

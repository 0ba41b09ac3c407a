"""The whole sheet as an ordinary form: what it takes, refuses, and never loses."""

from datetime import timedelta

import pytest

from fidelity.in_force import scale_of
from fidelity.models import Review
from tests.cast import StateCast, make_cast
from tests.fidelity import reviews
from tests.fidelity.sheets import address, save, sheet_form, signed_in, stored


@pytest.fixture
def cast(db: None) -> StateCast:
    return make_cast().meridian


@pytest.fixture
def review(cast: StateCast) -> Review:
    return reviews.scheduled(cast)


def test_one_post_saves_all_items(cast: StateCast, review: Review) -> None:
    client = signed_in(cast)
    codes = scale_of(review).codes
    form = sheet_form(
        review, client, **{f"score_{code}": "3" for code in codes}, note_SV6="line one\r\nline two"
    )

    answer = client.post(address(review), form | {"then": "check"})

    assert answer.status_code == 302
    assert answer["Location"] == address(review, "check/")
    rows = stored(cast)
    assert [rows[code].score for code in codes] == [3] * 25
    assert rows["SV6"].note == "line one\nline two"


def test_a_second_post_of_the_same_form_changes_nothing(cast: StateCast, review: Review) -> None:
    client = signed_in(cast)
    form = sheet_form(review, client, score_ST1="3", flag_ST1="on")
    client.post(address(review), form)

    assert client.post(address(review), form).status_code == 302
    assert stored(cast)["ST1"].version == 1


def test_a_refused_sheet_shows_everything_again_and_saves_nothing(cast: StateCast, review: Review) -> None:
    client = signed_in(cast)
    form = sheet_form(
        review, client, score_ST1="6", note_ST2="kept words", score_ST2="4", note_ST3="y" * 10_001
    )

    answer = client.post(address(review), form)

    page = answer.content.decode()
    assert answer.status_code == 422
    assert "You entered the text “6”" in page
    assert "10,001 characters" in page
    assert "kept words" in page
    assert "y" * 10_001 in page
    assert 'id="score-ST2-4" value="4" checked' in page
    assert stored(cast) == {}


@pytest.mark.parametrize("value", ["0", "6", "3.5", "text", "true", "5 ", "٣"])
def test_the_form_takes_no_other_rating_than_the_message(cast: StateCast, review: Review, value: str) -> None:
    client = signed_in(cast)

    answer = client.post(address(review), sheet_form(review, client, score_OR4=value))

    assert answer.status_code == 422
    assert stored(cast) == {}


@pytest.mark.parametrize("name", ["score-SV15", "status", "reviewer_id", "score-ST1-extra"])
def test_an_undeclared_field_is_refused_by_its_name(cast: StateCast, review: Review, name: str) -> None:
    client = signed_in(cast)

    answer = client.post(address(review), sheet_form(review, client, score_ST1="3") | {name: "4"})

    assert answer.status_code == 422
    assert f"no field “{name}”" in answer.content.decode()
    assert stored(cast) == {}


def test_a_form_that_came_incomplete_empties_no_note(cast: StateCast, review: Review) -> None:
    client = signed_in(cast)
    save(client, review, note="precious")

    answer = client.post(address(review), {"score-ST1": "5", "version-ST1": "1"})

    assert answer.status_code == 422
    assert stored(cast)["ST1"].note == "precious"


def test_a_stale_form_shows_both_values_and_then_keeps_the_chosen_one(
    cast: StateCast, review: Review
) -> None:
    client = signed_in(cast)
    form = sheet_form(review, client, score_ST1="2", note_ST1="mine", score_ST2="5")
    save(client, review, note="theirs")

    answer = client.post(address(review), form)

    page = answer.content.decode()
    assert answer.status_code == 409
    assert "mine" in page
    assert "theirs" in page
    assert set(stored(cast)) == {"ST1"}
    again = form | {"version-ST1": "1", "keep-ST1": "mine"}
    assert client.post(address(review), again).status_code == 302
    assert (stored(cast)["ST1"].note, stored(cast)["ST2"].score) == ("mine", 5)


def test_taking_theirs_leaves_what_is_stored(cast: StateCast, review: Review) -> None:
    client = signed_in(cast)
    form = sheet_form(review, client, score_ST1="2", note_ST1="mine")
    save(client, review, note="theirs")

    client.post(address(review), form | {"version-ST1": "1", "keep-ST1": "theirs"})

    assert stored(cast)["ST1"].note == "theirs"


def test_a_stale_form_does_not_undo_an_item_it_never_touched(cast: StateCast, review: Review) -> None:
    client = signed_in(cast)
    form = sheet_form(review, client, score_ST2="5")
    save(client, review, note="from the other window")

    assert client.post(address(review), form).status_code == 302
    assert stored(cast)["ST1"].note == "from the other window"


def test_a_form_sent_after_finish_keeps_what_was_typed_on_the_page(cast: StateCast, review: Review) -> None:
    client = signed_in(cast)
    form = sheet_form(review, client, score_ST1="2", note_ST1="too late")
    reviews.finished(cast, reviews.rate(cast, review, 3))

    answer = client.post(address(review), form | {"version-ST1": "1"})

    assert answer.status_code == 409
    assert "too late" in answer.content.decode()
    assert stored(cast)["ST1"].score == 3


def test_a_script_in_a_note_is_text(cast: StateCast, review: Review) -> None:
    client = signed_in(cast)
    save(client, review, note="</textarea><script>alert(1)</script>")

    for page in ("rate/", "check/"):
        text = client.get(address(review, page)).content.decode()
        assert "<script>alert" not in text
        assert "&lt;script&gt;alert" in text


def test_nobody_finishes_before_the_visit_begins(cast: StateCast) -> None:
    """Else a report would date from a visit that has not been."""
    ahead = reviews.scheduled(cast, starts_on=cast.state.today() + timedelta(days=1))
    reviews.rate(cast, ahead, 3)

    client = signed_in(cast)
    assert "Rating can be finished from that day" in client.get(address(ahead, "check/")).content.decode()
    answer = client.post(address(ahead, "check/"))
    assert (answer.status_code, "The visit begins on" in answer.content.decode()) == (422, True)
    assert stored(cast)["SV6"].score == 3

"""The same file of past reviews once more, for the rows it left out or after an import was taken back."""

from uuid import uuid4

import pytest

from agencies import tenancy
from agencies.models import Team
from agencies.refusals import Unacceptable
from fidelity.actions import importing
from fidelity.models import Review, ReviewImport
from tests.cast import STARTED, StateCast, make_cast, refused
from tests.fidelity import corrections, reviews
from tests.fidelity.pages import get, text
from tests.fidelity.past import row
from tests.fidelity.test_past_importing import NORTH, all_reviews, imported, upload

THREE = "Team Three"
HINT = "only rows that were left out are looked at then"


@pytest.fixture
def cast(db: None) -> StateCast:
    return make_cast().meridian


def third_team(cast: StateCast) -> None:
    with tenancy.as_system(cast.state.pk):
        Team.objects.create(
            state=cast.state,
            agency=cast.agencies["north"],
            slug="team-three",
            name=THREE,
            stage=Team.Stage.IMPLEMENTING,
            implementation_started_on=STARTED,
        )


def take_back(cast: StateCast, found: ReviewImport) -> None:
    with reviews.acting(cast, "admin") as by:
        importing.take_back(found, reason="Of another team.", by=by)


def teams_of(cast: StateCast) -> list[str]:
    return [each.team.name for each in all_reviews(cast) if each.status == Review.Status.ISSUED]


def test_rows_left_out_come_from_the_same_file_once_what_kept_them_out_is_put_right(cast: StateCast) -> None:
    rows = (row(NORTH, first="3/14/2021"), row(THREE, first="3/14/2022"), ["Total"])
    first = imported(cast, *rows)
    assert [number for number, _ in first.left_out] == [3, 4]
    assert HINT in text(get(cast, "admin", f"reviews/import/{first.public_id}/"))
    with refused(
        Unacceptable, "by you. Nothing was changed. Row 3 still cannot be imported: There is no team"
    ):
        upload(cast, *rows)
    third_team(cast)
    again = upload(cast, *rows)
    assert [each[0] for each in again.staged["rows"]] == [3, 4]
    assert "only rows left out then are looked at" in again.staged["notices"][-1]
    assert upload(cast, *rows).pk == again.pk
    second = imported(cast, *rows)
    assert (second.pk, second.counts["good"], teams_of(cast)) == (again.pk, 1, [NORTH, THREE])
    with refused(Unacceptable, "by you. Nothing was changed.$"):  # a total is never taken
        upload(cast, *rows)


def test_what_was_taken_back_comes_again_beside_what_stands(cast: StateCast) -> None:
    rows = (row(NORTH, first="3/14/2021"), row(THREE, first="3/14/2022"))
    first = imported(cast, *rows)
    third_team(cast)
    second = imported(cast, *rows)
    assert second.left_out == []
    take_back(cast, first)
    assert HINT not in text(get(cast, "admin", f"reviews/import/{first.public_id}/"))
    third = imported(cast, *rows)
    assert (third.counts["good"], third.counts["there"], teams_of(cast)) == (1, 1, [NORTH, THREE])
    take_back(cast, second)
    assert imported(cast, *rows).counts["good"] == 1
    assert teams_of(cast) == [NORTH, THREE]


def test_a_file_whose_reviews_are_all_there_is_not_imported(cast: StateCast) -> None:
    imported(cast, row(NORTH, first="3/14/2021"))
    found = upload(cast, row(NORTH, first="3/14/2021", total=""))
    with refused(Unacceptable, "No row of this file can be saved."), cast.entered("admin") as by:
        importing.commit(found, cast.state, choice="all", key=uuid4(), by=by)
    assert upload(cast, row(NORTH, first="3/14/2021", total="")).pk == found.pk  # still open


def test_a_report_that_is_only_corrected_afterwards_does_not_tell_of_an_import(cast: StateCast) -> None:
    later = reviews.issued(cast, days_ago=100)
    found = imported(cast, row(NORTH, first="3/14/2021"))
    corrections.corrected(cast, later, ST1=corrections.BETTER)
    take_back(cast, found)
    assert [each.pk for each in all_reviews(cast) if each.status == Review.Status.ISSUED] == [later.pk]

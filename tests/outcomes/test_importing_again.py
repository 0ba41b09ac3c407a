"""The same file once more, for the rows it left out."""

from collections.abc import Sequence

import pytest

from agencies import tenancy
from agencies.models import Team
from agencies.refusals import Unacceptable
from outcomes.actions import entering, submitting
from outcomes.figures import Figure
from tests.cast import STARTED, StateCast, make_cast, refused
from tests.ips_portal.uploads.books import saved, workbook
from tests.outcomes import files, quarters
from tests.outcomes.files import csv_of, head, one
from tests.outcomes.test_importing import TWO, commit, draft, imported, report


@pytest.fixture
def cast(db: None) -> StateCast:
    found = make_cast().meridian
    quarters.expected(found)
    return found


def test_rows_left_out_are_taken_from_the_same_file_once_what_kept_them_out_is_put_right(
    cast: StateCast,
) -> None:
    text = csv_of(head(), one(cast), one(cast, team="Team Three"), one(cast, team=TWO), ["Total"])
    sent = quarters.expected(cast, "north_two")
    quarters.enter(cast, sent, "leader", served=30)
    quarters.submit(cast, sent, "leader")
    first = imported(cast, text)
    assert [number for number, _ in first.left_out] == [3, 4, 5]
    with cast.entered("leader") as by:  # corrected by hand since
        corrected = {"served": entering.Cell(Figure(44), Figure(quarters.ORDINARY["served"]))}
        entering.save_cells(report(cast), cells=corrected, by=by)
    with refused(Unacceptable, "by you. Nothing was changed. Row 3 still cannot be saved: There is no team"):
        files.upload(cast, text)
    with cast.entered("leader") as by:
        submitting.take_back(report(cast, "north_two"), by=by)
    second = imported(cast, text)
    assert (second.counts["good"], second.saved) == (1, [sent.pk])
    assert draft(cast, "north_two").served == quarters.ORDINARY["served"]
    assert draft(cast).served == 44
    assert [number for number, _ in second.left_out] == [3, 5]
    with tenancy.as_system(cast.state.pk):
        cast.teams["north_three"] = Team.objects.create(
            state=cast.state,
            agency=cast.agencies["north"],
            slug="team-three",
            name="Team Three",
            stage=Team.Stage.IMPLEMENTING,
            implementation_started_on=STARTED,
        )
    quarters.expected(cast, "north_three")
    assert imported(cast, text).counts["good"] == 1
    with refused(Unacceptable, "by you. Nothing was changed. To correct"):  # a total is never taken
        files.upload(cast, text)
    assert draft(cast).served == 44


def with_hidden(*rows: Sequence[str]) -> bytes:
    """The last row is hidden."""
    book = workbook(tuple(head()), *map(tuple, rows))
    book.active.row_dimensions[len(rows) + 1].hidden = True
    return saved(book)


def test_hidden_rows_that_were_left_out_can_be_taken_later(cast: StateCast) -> None:
    sent = quarters.expected(cast, "north_two")
    content = with_hidden(one(cast), one(cast, team=TWO))
    assert imported(cast, content).counts["good"] == 1
    found = commit(files.upload(cast, content), cast, takes_hidden=True)
    assert found.saved == [sent.pk]
    with refused(Unacceptable, "by you. Nothing was changed. To correct"):
        files.upload(cast, content)


def test_no_hidden_row_is_saved_over_a_row_that_was_imported(cast: StateCast) -> None:
    content = with_hidden(one(cast), one(cast, served=33))
    assert imported(cast, content).counts["good"] == 1
    with refused(Unacceptable, "by you. Nothing was changed. To correct"):
        files.upload(cast, content)
    sent = quarters.expected(cast, "north_two")
    quarters.enter(cast, sent, "leader", served=30)
    quarters.submit(cast, sent, "leader")
    longer = with_hidden(one(cast), one(cast, team=TWO), one(cast, served=33))
    imported(cast, longer)
    with cast.entered("leader") as by:
        submitting.take_back(report(cast, "north_two"), by=by)
    found = commit(files.upload(cast, longer), cast, takes_hidden=True)
    assert found.saved == [sent.pk]
    assert draft(cast).served == quarters.ORDINARY["served"]

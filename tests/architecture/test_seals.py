"""T23: finished changes are sealed into a chain of each state, and whatever is done to one of them is named."""

import os
import random
import time
from collections.abc import Iterator
from typing import Any

import psycopg
import pytest
from django.db import transaction

from tests.cast import make_cast

POSITIONS = 50

Connection = psycopg.Connection[Any]


@pytest.fixture
def sealed(transactional_db: None) -> Iterator[tuple[Connection, int]]:
    """The owner's connection and a state with a chain of seven links. Every transaction is real."""
    with transaction.atomic():
        cast = make_cast()
    state = cast.meridian.state.pk
    with psycopg.connect(os.environ["OWNER_DATABASE_URL"], autocommit=True) as owner:
        for link in range(7):
            for name in ("a", "b", "c"):
                owner.execute(
                    "INSERT INTO agencies_population (state_id, name) VALUES (%s, %s)",
                    [state, f"{name}{link}"],
                )
            seal(owner, state)
        yield owner, state


def seal(owner: Connection, state: int) -> int:
    """How many changes were sealed. A transaction of the tests beside this one may hold it back for a moment."""
    end = time.monotonic() + 60
    while time.monotonic() < end:
        row = owner.execute("SELECT agencies_seal_changes(%s)", [state]).fetchone()
        if row and row[0]:
            return int(row[0])
        time.sleep(0.05)
    raise AssertionError("nothing was sealed")


def broken(owner: Connection, state: int) -> int | None:
    row = owner.execute("SELECT agencies_broken_seal(%s)", [state]).fetchone()
    return row[0] if row else None


def rows(owner: Connection, state: int) -> list[tuple[int, int]]:
    """(id, link) of every sealed change."""
    return owner.execute(
        "SELECT id, seal FROM agencies_change WHERE state_id = %s AND seal IS NOT NULL ORDER BY id", [state]
    ).fetchall()


def test_an_untouched_chain_holds(sealed: tuple[Connection, int]) -> None:
    owner, state = sealed
    assert broken(owner, state) is None
    links = [link for _, link in rows(owner, state)]
    assert sorted(set(links)) == [1, 2, 3, 4, 5, 6, 7]


EDITS = {
    "what": 'UPDATE agencies_change SET values = values || \'{"name": "forged"}\' WHERE id = %s',
    "who": "UPDATE agencies_change SET person_id = 1, actor = 'person' WHERE id = %s",
    "under which membership": "UPDATE agencies_change SET membership_id = 424242 WHERE id = %s",
    "why": "UPDATE agencies_change SET reason = 'forged' WHERE id = %s",
    "when": "UPDATE agencies_change SET at = at - interval '1 microsecond' WHERE id = %s",
    "which row": "UPDATE agencies_change SET row_id = row_id + 1 WHERE id = %s",
    "which table": "UPDATE agencies_change SET table_name = table_name || '_forged' WHERE id = %s",
    "which kind": "UPDATE agencies_change SET kind = 'delete' WHERE id = %s",
    "in which transaction": "UPDATE agencies_change SET transaction = transaction + 1 WHERE id = %s",
    "unsealed": "UPDATE agencies_change SET seal = NULL WHERE id = %s",
    "deleted": "DELETE FROM agencies_change WHERE id = %s",
    "renumbered": "UPDATE agencies_change SET id = id + 1000000 WHERE id = %s",
    "doubled": "INSERT INTO agencies_change"
    " (state_id, table_name, row_id, kind, values, actor, reason, at, transaction, seal)"
    " SELECT state_id, table_name, row_id, kind, values, actor, reason, at, transaction, seal"
    " FROM agencies_change WHERE id = %s",
}


def test_one_changed_row_anywhere_is_named(sealed: tuple[Connection, int]) -> None:
    """Every kind of change, at random positions, by the owner of the tables; each is taken back."""
    owner, state = sealed
    chosen, known = random.Random(20261122), rows(owner, state)  # noqa: S311 - a choice that can be repeated
    for attempt in range(POSITIONS + len(EDITS)):
        what, statement = list(EDITS.items())[attempt % len(EDITS)]
        row, link = chosen.choice(known)
        with owner.transaction(force_rollback=True):
            owner.execute(statement, [row])
            assert broken(owner, state) == link, f"{what} of row {row} in link {link}"
    assert broken(owner, state) is None


def test_swapped_rows_and_links_are_named(sealed: tuple[Connection, int]) -> None:
    owner, state = sealed
    chosen, known = random.Random(7), rows(owner, state)  # noqa: S311 - a choice that can be repeated
    for _ in range(POSITIONS):
        (one, first), (other, second) = sorted(chosen.sample(known, 2))
        with owner.transaction(force_rollback=True):
            owner.execute("UPDATE agencies_change SET id = -1 WHERE id = %s", [one])
            owner.execute("UPDATE agencies_change SET id = %s WHERE id = %s", [one, other])
            owner.execute("UPDATE agencies_change SET id = %s WHERE id = -1", [other])
            assert broken(owner, state) == min(first, second)
    for link in range(1, 7):
        with owner.transaction(force_rollback=True):
            owner.execute("DELETE FROM agencies_seal WHERE state_id = %s AND number = %s", [state, link])
            assert broken(owner, state) == link
        with owner.transaction(force_rollback=True):
            owner.execute(
                "UPDATE agencies_seal SET hash = reverse(hash) WHERE state_id = %s AND number = %s",
                [state, link],
            )
            assert broken(owner, state) == link


def test_what_is_still_being_written_is_not_sealed(sealed: tuple[Connection, int]) -> None:
    """A later link could otherwise be closed before an earlier row is visible."""
    owner, state = sealed
    with psycopg.connect(os.environ["OWNER_DATABASE_URL"]) as slow:
        slow.execute("INSERT INTO agencies_population (state_id, name) VALUES (%s, 'slow')", [state])
        owner.execute("INSERT INTO agencies_population (state_id, name) VALUES (%s, 'quick')", [state])
        assert owner.execute("SELECT agencies_seal_changes(%s)", [state]).fetchone() == (0,)
        slow.commit()
    assert seal(owner, state) == 2
    assert broken(owner, state) is None


def test_the_chain_of_another_state_is_its_own(sealed: tuple[Connection, int]) -> None:
    owner, state = sealed
    other = owner.execute("SELECT id FROM agencies_state WHERE id <> %s", [state]).fetchone()
    assert other is not None
    seal(owner, other[0])
    with owner.transaction(force_rollback=True):
        owner.execute("UPDATE agencies_change SET reason = 'forged' WHERE state_id = %s", [state])
        assert (broken(owner, state), broken(owner, other[0])) == (1, None)
    assert rows(owner, other[0])

"""A fingerprint of every table, read with the owner's eyes inside the portal's own transaction.

The portal's role sees only what its context shows, so it could not tell that a hidden row changed. The function lives
in a schema of its own, for as long as a module of gates runs.
"""

import os
from collections.abc import Iterator
from contextlib import contextmanager

import psycopg
from django.conf import settings
from django.db import connection

Prints = dict[str, str]
UNWATCHED = ("django_session",)  # the time of the last visit, and messages between two pages

FUNCTION = """
CREATE FUNCTION seen_by_gates.fingerprint() RETURNS TABLE (name text, print text)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public AS $$
BEGIN
    FOR name IN SELECT tablename FROM pg_tables WHERE schemaname = 'public' ORDER BY 1 LOOP
        EXECUTE format(
            'SELECT count(*) || '' '' || coalesce(md5(string_agg(md5(t::text), '''' ORDER BY md5(t::text))), '''')'
            ' FROM %I t', name) INTO print;
        RETURN NEXT;
    END LOOP;
END $$
"""


@contextmanager
def watched() -> Iterator[None]:
    with psycopg.connect(os.environ["OWNER_DATABASE_URL"], autocommit=True) as owner:
        role = settings.APP_DATABASE_ROLE
        owner.execute("DROP SCHEMA IF EXISTS seen_by_gates CASCADE")
        owner.execute("CREATE SCHEMA seen_by_gates")
        owner.execute(FUNCTION)
        owner.execute(f"GRANT USAGE ON SCHEMA seen_by_gates TO {role}")
        owner.execute(f"GRANT EXECUTE ON FUNCTION seen_by_gates.fingerprint() TO {role}")
        try:
            yield
        finally:
            owner.execute("DROP SCHEMA seen_by_gates CASCADE")


TOUCHED = """
SELECT coalesce(sum(n_tup_ins + n_tup_upd + n_tup_del), 0) FROM pg_stat_xact_user_tables
WHERE schemaname = 'public' AND relname <> ALL (%s)
"""


def touched() -> int:
    """Rows this transaction has written so far, also those it took back: where none was added, no table changed."""
    with connection.cursor() as cursor:
        cursor.execute(TOUCHED, [list(UNWATCHED)])
        return int(cursor.fetchone()[0])


def prints() -> Prints:
    with connection.cursor() as cursor:
        cursor.execute("SELECT name, print FROM seen_by_gates.fingerprint()")
        return {name: text for name, text in cursor.fetchall() if name not in UNWATCHED}


def changed(before: Prints, after: Prints) -> list[str]:
    return sorted(name for name in before.keys() | after.keys() if before.get(name) != after.get(name))

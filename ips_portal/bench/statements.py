"""How many statements a deed costs, as PostgreSQL itself counts them (pg_stat_statements)."""

from collections.abc import Callable
from dataclasses import dataclass

import psycopg

from ips_portal.bootstrap.places import Problem

NOT_COUNTED = ["BEGIN", "COMMIT", "ROLLBACK"]  # every transaction has them; savepoints and set_config count
SEEN = """SELECT coalesce(sum(calls), 0) FROM pg_stat_statements s JOIN pg_database d ON d.oid = s.dbid
    JOIN pg_roles r ON r.oid = s.userid
    WHERE d.datname = current_database() AND NOT rolsuper AND query <> ALL(%s)"""


@dataclass(frozen=True)
class Statements:
    admin: str

    def begin(self) -> None:
        try:
            with psycopg.connect(self.admin, autocommit=True) as connection:
                connection.execute("CREATE EXTENSION IF NOT EXISTS pg_stat_statements")
                connection.execute("SELECT 1 FROM pg_stat_statements LIMIT 1")
        except psycopg.Error as error:
            raise Problem(
                f"SQL is counted by pg_stat_statements. Load it in your server (shared_preload_libraries). {error}"
            ) from None

    def of(self, deed: Callable[[], object], *, before: Callable[[], object] | None = None) -> int:
        """The most that one of a few turns costs, once the workers are warm."""
        return max(self._once(deed, before) for _ in range(3))

    def _once(self, deed: Callable[[], object], before: Callable[[], object] | None) -> int:
        if before:
            before()
        seen = self._seen()
        deed()
        return self._seen() - seen

    def _seen(self) -> int:
        with psycopg.connect(self.admin, autocommit=True) as connection:
            row = connection.execute(SEEN, [NOT_COUNTED]).fetchone()
        return int(row[0]) if row else 0

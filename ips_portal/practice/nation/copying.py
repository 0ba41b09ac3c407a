"""Rows that know their keys from the start and are written by COPY, some hundred thousand a second."""

from collections.abc import Iterator, Sequence
from operator import attrgetter
from typing import Any

from django.db import connection, models
from psycopg import sql
from psycopg.types.json import Jsonb

from ips_portal.practice.rows import SAID, Row, Rows
from outcomes.models import QuarterField

BLOCK = 1000


class Keys:
    """Keys from the tables' own sequences, a block at a time: whoever writes meanwhile gets others."""

    def __init__(self) -> None:
        self._waiting: dict[type[models.Model], Iterator[int]] = {}

    def next(self, model: type[models.Model]) -> int:
        if model not in self._waiting:
            self._waiting[model] = self._taken(model)
        return next(self._waiting[model])

    def _taken(self, model: type[models.Model]) -> Iterator[int]:
        while True:
            with connection.cursor() as cursor:
                cursor.execute(
                    "SELECT nextval(pg_get_serial_sequence(%s, 'id')) FROM generate_series(1, %s)",
                    [model._meta.db_table, BLOCK],
                )
                found = cursor.fetchall()
            yield from (key for (key,) in found)


class CopiedRows(Rows):
    def __init__(self, keys: Keys) -> None:
        super().__init__()
        self._keys = keys

    def add(self, row: Row) -> Row:
        row.pk = self._keys.next(type(row))
        return super().add(row)

    def store(self) -> dict[str, int]:
        for rows in self._waiting.values():
            copy(rows)
        return {SAID[model]: len(self._waiting[model]) for model in SAID}


def copy(rows: Sequence[models.Model]) -> None:
    """All of one model, keys included."""
    if not rows:
        return
    fields = rows[0]._meta.concrete_fields
    columns = [sql.Identifier(field.column) for field in fields if field.column]
    statement = sql.SQL("COPY {} ({}) FROM STDIN").format(
        sql.Identifier(rows[0]._meta.db_table), sql.SQL(", ").join(columns)
    )
    values = attrgetter(*(field.attname for field in fields))
    documents = [place for place, field in enumerate(fields) if isinstance(field, models.JSONField)]
    quarters = [place for place, field in enumerate(fields) if isinstance(field, QuarterField)]
    with connection.cursor() as cursor, cursor.copy(statement) as stream:
        for row in rows:
            line: list[Any] = list(values(row))
            for place in documents:
                line[place] = Jsonb(line[place])
            for place in quarters:
                line[place] = line[place].starts_on
            stream.write_row(line)

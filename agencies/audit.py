"""Readable history: rows of the trigger become sentences a program manager understands.

Each app says from its `apps.ready()` how its tables are called: `describe("agencies_team", noun="team", fields=...)`.
Names behind keys are read in bulk, through row-level security: what the reader may not see stays unnamed. A model
whose name needs other rows says so: `named_with = ("team",)`.
"""

import re
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from django.apps import apps
from django.contrib.auth import get_user_model
from django.db.models import DecimalField, Field, Model, Q, QuerySet
from django.utils import timezone

if TYPE_CHECKING:
    from agencies.models import Change

SHOWN = 80  # characters of a long text
WITHHELD = "something you may not see"
ACTORS = {"system": "The portal", "migration": "Set-up of the portal"}


@dataclass(frozen=True)
class Table:
    """How the changes of one table are told."""

    noun: str
    fields: Mapping[str, str] = field(default_factory=dict)  # column -> label
    hide: frozenset[str] = frozenset()
    quiet: frozenset[str] = frozenset()  # told as changed, never with what was in it
    added: str = ""  # a sentence of its own, such as "Added {agency_id} as a partner."
    removed: str = ""
    guarded: bool = False  # why it was changed is told by the record's own page, which knows who may read it
    parent: str = ""  # the column that names the record whose history this belongs to
    parent_table: str = ""


@dataclass(frozen=True)
class Sentence:
    at: datetime
    who: str
    text: str
    reason: str = ""


_tables: dict[str, Table] = {}


def describe(
    table: str,
    *,
    noun: str,
    fields: Mapping[str, str] | None = None,
    hide: Collection[str] = (),
    quiet: Collection[str] = (),
    added: str = "",
    removed: str = "",
    guarded: bool = False,
    belongs_to: tuple[str, str] = ("", ""),
) -> None:
    """Says how changes of a table read. `belongs_to` is (column, table) of the record on whose page they show."""
    parent, parent_table = belongs_to
    _tables[table] = Table(
        noun, fields or {}, frozenset(hide), frozenset(quiet), added, removed, guarded, parent, parent_table
    )


def nouns() -> dict[str, str]:
    """Table -> noun, for the filter of the audit log."""
    return dict(sorted(((table, told.noun) for table, told in _tables.items()), key=lambda pair: pair[1]))


def changes_of(record: Model) -> "QuerySet[Change]":
    """The history of a record and of what belongs to it, newest first."""
    table = record._meta.db_table
    wanted = Q(table_name=table, row_id=record.pk)
    for name, told in _tables.items():
        if told.parent and told.parent_table == table:
            rows = _model(name)._default_manager.filter(**{told.parent: record.pk}).values("pk")
            key = {f"values__{told.parent}": record.pk}
            wanted |= Q(table_name=name) & (Q(row_id__in=rows) | Q(**key))
    changes: QuerySet[Change] = apps.get_model("agencies", "Change")._default_manager.all()
    return changes.filter(wanted).order_by("-id")


def sentences(
    rows: Iterable["Change"],
    *,
    named: bool = False,
    values: bool = True,
    about: Mapping[int, str] | None = None,
    candid: bool = True,
) -> list[Sentence]:
    """One sentence a row; rows that changed nothing worth telling are left out.

    `named` puts the record's name in front, for a list across records; `about` has words of its own for some changes
    by their id. Without `values` only the deed is told; unless `candid`, not the reason of what is guarded.
    """
    rows = list(rows)
    names = _Names(rows, named=named)
    told = ((row, _told(row, names, values=values)) for row in rows)
    return [
        Sentence(
            row.at,
            names.who(row),
            _subject(row, names, text) if named else _about((about or {}).get(row.pk, ""), text),
            row.reason if values and (candid or not table_of(row.table_name).guarded) else "",
        )
        for row, text in told
        if text
    ]


def _told(row: "Change", names: "_Names", *, values: bool) -> str:
    table = table_of(row.table_name)
    if not values:
        return {"insert": "Added.", "update": "Changed.", "delete": "Removed."}[row.kind]
    if row.kind == "update":
        parts = [
            _moved(_label(table, column), pair, [names.show(row, column, value) for value in pair])
            if all(map(_short, pair)) and column not in table.quiet
            else f"changed {_label(table, column)}"
            for column, pair in sorted(row.values.items(), key=_order(table))
            if column not in table.hide
        ]
        whole = "; ".join(parts)
        return f"{whole[0].upper()}{whole[1:]}." if whole else ""
    own = table.added if row.kind == "insert" else table.removed
    if own:
        return _fill(own, row, names)
    parts = [
        f"{_label(table, column)} {names.show(row, column, value)}"
        for column, value in sorted(row.values.items(), key=_order(table))
        if column in table.fields
        and column not in table.hide | table.quiet
        and value not in ("", [], {})
        and _short(value)
    ]
    deed = f"{'Added' if row.kind == 'insert' else 'Removed'} the {table.noun}"
    return f"{deed}: {'; '.join(parts)}." if parts else f"{deed}."


def _moved(label: str, pair: list[Any], words: list[str]) -> str:
    """One column of a change: set, cleared, or from one value to another."""
    before, after = words
    if pair[0] in (None, ""):
        return f"set {label} to {after}"
    if pair[1] in (None, ""):
        return f"cleared {label}, which was {before}"
    return f"changed {label} from {before} to {after}"


def _fill(pattern: str, row: "Change", names: "_Names") -> str:
    return re.sub(r"{(\w+)}", lambda found: names.show(row, found[1], row.values.get(found[1])), pattern)


def _about(words: str, text: str) -> str:
    return f"{words}: {text[0].lower()}{text[1:]}" if words else text


def _subject(row: "Change", names: "_Names", text: str) -> str:
    noun = table_of(row.table_name).noun
    name = names.record(row)
    return f"{noun[0].upper()}{noun[1:]}{f' {name}' if name else ''}: {text[0].lower()}{text[1:]}"


def table_of(name: str) -> Table:
    """Tables nobody described are told by their own name, so that no change goes missing."""
    return _tables.get(name) or Table(name.split("_", 1)[-1])


def _label(table: Table, column: str) -> str:
    return table.fields.get(column) or column.removesuffix("_id").replace("_", " ")


def _order(table: Table) -> Any:
    places = {column: place for place, column in enumerate(table.fields)}
    return lambda pair: (places.get(pair[0], len(places)), pair[0])


def _short(value: Any) -> bool:
    """Lists and mappings are named as changed, not printed."""
    return not isinstance(value, dict | list)


def _model(table: str) -> type[Model]:
    return _models()[table]


def _models() -> dict[str, type[Model]]:
    return {model._meta.db_table: model for model in apps.get_models() if not model._meta.proxy}


def _with_names(model: type[Model]) -> "QuerySet[Model]":
    needed = getattr(model, "named_with", ())
    return model._default_manager.select_related(*needed) if needed else model._default_manager.all()


class _Names:
    """Everything the rows refer to, fetched once for each model."""

    def __init__(self, rows: list["Change"], *, named: bool) -> None:
        self.models = _models()
        self.columns = {
            table: {each.column: each for each in self.models[table]._meta.concrete_fields}
            for table in {row.table_name for row in rows}
            if table in self.models
        }
        wanted: dict[type[Model], set[int]] = defaultdict(set)
        wanted[get_user_model()] = {row.person_id for row in rows if row.person_id}
        for row in rows:
            if named and row.table_name in self.models:
                wanted[self.models[row.table_name]].add(row.row_id)
            for column, value in row.values.items():
                if target := self._target(row.table_name, column):
                    pair = value if isinstance(value, list) else [value]
                    wanted[target] |= {one for one in pair if isinstance(one, int)}
        self.found = {model: _with_names(model).in_bulk(ids) for model, ids in wanted.items() if ids}

    def _target(self, table: str, column: str) -> type[Model] | None:
        related = getattr(self._field(table, column), "related_model", None)
        return related if isinstance(related, type) else None

    def _field(self, table: str, column: str) -> "Field[Any, Any] | None":
        return self.columns.get(table, {}).get(column)

    def who(self, row: "Change") -> str:
        if row.person_id:
            return str(self.found.get(get_user_model(), {}).get(row.person_id, "Somebody"))
        return ACTORS.get(row.actor, "The portal")

    def record(self, row: "Change") -> str:
        model = self.models.get(row.table_name)
        record = self.found.get(model, {}).get(row.row_id) if model else None
        if record is None or type(record).__str__ is Model.__str__:
            return ""
        return f"“{record}”"

    def show(self, row: "Change", column: str, value: Any) -> str:
        """A value in words: the name behind a key, the label of a choice, a date as people write it."""
        if value is None or value == "":
            return "nothing"
        if target := self._target(row.table_name, column):
            return str(self.found.get(target, {}).get(value, WITHHELD))
        known = self._field(row.table_name, column)
        for key, label in getattr(known, "flatchoices", None) or ():
            if key == value:
                return str(label)
        return _plain(value, known)


def _plain(value: Any, known: "Field[Any, Any] | None") -> str:
    kind = known.get_internal_type() if known else ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if kind == "DateField":
        return _day(date.fromisoformat(value))
    if kind == "DateTimeField":
        moment = timezone.localtime(datetime.fromisoformat(value))
        return f"{_day(moment.date())}, {moment:%I:%M %p}".replace(", 0", ", ")
    if isinstance(known, DecimalField):
        return f"{value:,.{known.decimal_places}f}"
    if isinstance(value, str):
        return f"“{value[: SHOWN - 1]}…”" if len(value) > SHOWN else f"“{value}”"
    return str(value)


def _day(day: date) -> str:
    return f"{day:%B} {day.day}, {day.year}"

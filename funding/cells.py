"""A stored cell of a plan as the rules read it."""

from dataclasses import fields
from typing import Any

from funding.grid import KINDS, Cell
from funding.models import PlanCell

NAMES = tuple(field.name for field in fields(Cell) if field.name not in KINDS and field.name != "bridge")


def as_cell(row: PlanCell) -> Cell:
    words: dict[str, Any] = {name: kind(getattr(row, name)) for name, kind in KINDS.items()}
    return Cell(**words, **{name: getattr(row, name) for name in NAMES}, bridge=row.bridge_id)

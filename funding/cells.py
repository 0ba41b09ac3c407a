"""A stored cell of a plan as the rules read it."""

from dataclasses import fields

from funding.grid import Cell
from funding.models import PlanCell


def as_cell(row: PlanCell) -> Cell:
    values = {field.name: getattr(row, field.name) for field in fields(Cell) if field.name != "bridge"}
    return Cell(**values, bridge=row.bridge_id)

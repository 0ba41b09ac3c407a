"""A funding plan as data for JSON, and back: what a version of it keeps for good.

What is at its default, which is nothing said, is left out, so that versions stay small.
"""

from collections.abc import Callable, Mapping
from dataclasses import fields
from datetime import date
from typing import Any

from funding.grid import KINDS, Cell, Column, Element, Grid, Link, LinkKind, Phase

Stored = Mapping[str, Any]
DAYS = ("ends_on", "valid_from", "valid_to", "expected_on", "checked_on")
READ: Mapping[str, Callable[[Any], object]] = {
    **KINDS,
    **dict.fromkeys(DAYS, date.fromisoformat),
    "kind": LinkKind,
    "first": tuple,
    "second": tuple,
}


def to_data(grid: Grid) -> dict[str, Any]:
    return {
        "phases": [written(phase) for phase in grid.phases],
        "elements": [written(element) for element in grid.elements],
        "columns": [written(column) for column in grid.columns],
        "cells": [
            {"at": [element, column], **written(cell)} for (element, column), cell in grid.cells.items()
        ],
        "links": [written(link) for link in grid.links],
    }


def from_data(data: Stored) -> Grid:
    """The same grid, with tuples for its sequences."""
    return Grid(
        phases=tuple(Phase(**read(each)) for each in data["phases"]),
        elements=tuple(Element(**read(each)) for each in data["elements"]),
        columns=tuple(Column(**read(each)) for each in data["columns"]),
        cells={
            (each["at"][0], each["at"][1]): Cell(**read({key: each[key] for key in each if key != "at"}))
            for each in data["cells"]
        },
        links=tuple(Link(**read(each)) for each in data["links"]),
    )


def written(value: Phase | Element | Column | Cell | Link) -> dict[str, Any]:
    found = ((field.name, getattr(value, field.name), field.default) for field in fields(value))
    return {name: plain(said) for name, said, default in found if said != default}


def plain(value: object) -> object:
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, tuple):
        return list(value)
    return str(value) if isinstance(value, str) else value


def read(stored: Stored) -> dict[str, Any]:
    return {name: READ[name](value) if name in READ else value for name, value in stored.items()}

"""Files of past reviews as states send them, and what the rules say of them, without a database."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date
from typing import Any

from fidelity.lifecycle import Policies
from fidelity.past.editions import Edition, Editions
from fidelity.past.preview import Known, Preview, Stands, preview
from fidelity.past.rows import Reviewed
from fidelity.past.staging import stage
from fidelity.policy import shipped_policy
from fidelity.scales import load
from ips_portal.importing.matching import Roster
from ips_portal.importing.staging import Staged
from ips_portal.uploads.sheets import Row, Sheet

TODAY = date(2026, 11, 27)
SCALE = load("ips25-2008")
CODES = SCALE.codes
HEAD = ["Team", "Scale", "Kind", "First day", "Last day", "Report date", *CODES, "Total"]
NORTH = Reviewed(1, "North", "north", "North Center", started_on=date(2015, 1, 5))
SOUTH = Reviewed(2, "South", "south", "South Center", ended_on=date(2022, 6, 30))
EDITIONS = Editions(
    tuple(
        Edition(number, load(key), date.fromisoformat(load(key).effective_from))
        for number, key in enumerate(("ips25-2008", "se15"), start=1)
    )
)
KNOWN = Known(
    roster=Roster((NORTH, SOUTH), "in Meridian"),
    editions=EDITIONS,
    reviews={},
    policies=lambda day: shipped_policy("national"),
    today=TODAY,
)


def row(
    team: str = "North",
    *,
    kind: str = "external",
    first: str = "3/14/2019",
    last: str = "",
    reported: str = "",
    scale: str = "ips25-2008",
    rated: str | Sequence[str] = "4",
    total: str | None = None,
    **items: str,
) -> list[str]:
    """Every item rated alike, but for those named; the total is that of the ratings unless said otherwise."""
    given = dict.fromkeys(CODES, rated) if isinstance(rated, str) else dict(zip(CODES, rated, strict=True))
    given |= items
    added = sum(int(each) for each in given.values() if each.isdigit())
    return [team, scale, kind, first, last, reported, *given.values(), str(added) if total is None else total]


def csv_of(*rows: Iterable[str]) -> bytes:
    return "\r\n".join(",".join(f'"{cell}"' for cell in cells) for cells in rows).encode()


def staged(*rows: Sequence[str], head: Sequence[str] = HEAD) -> Staged:
    sheet = Sheet(tuple(Row(number, tuple(cells)) for number, cells in enumerate([head, *rows], start=1)))
    return stage(sheet, EDITIONS.items)


def look(
    *rows: Sequence[str],
    head: Sequence[str] = HEAD,
    stands: dict[int, list[Stands]] | None = None,
    policies: Policies = KNOWN.policies,
    teams: tuple[Reviewed, ...] = (NORTH, SOUTH),
    **more: Any,
) -> Preview:
    known = replace(KNOWN, roster=Roster(teams, "in Meridian"), reviews=stands or {}, policies=policies)
    return preview(staged(*rows, head=head), known, **more)


def said(*rows: Sequence[str], **more: Any) -> list[tuple[str, str, str]]:
    """(weight, cell, text) of everything to look at."""
    return [(each.weight.value, each.where, each.text) for each in look(*rows, **more).remarks]


def only(*rows: Sequence[str], **more: Any) -> tuple[str, str, str]:
    (found,) = said(*rows, **more)
    return found

"""A total per part, where the scale reports one for each and none for all: as a snapshot keeps it and a paper says it.

Snapshots of other scales, and all from before there were such scales, have no parts.
"""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from fidelity.paper.wording import change, count, listed, sentence
from fidelity.scoring import Part

Stored = Mapping[str, Any]


@dataclass(frozen=True)
class PartPaper:
    """`previous` is the same part at the last review, where that was by the same parts."""

    code: str
    name: str
    leads: bool
    total: int | None
    possible: int
    band: str
    previous: int | None
    previous_band: str
    change: str

    @property
    def words(self) -> str:
        """Such as “Employment 16 of 20, Good”."""
        return f"{self.name} {self.figures}"

    @property
    def figures(self) -> str:
        if self.total is None:
            return "not complete"
        return f"{self.total} of {self.possible}" + (f", {self.band}" if self.band else "")

    @property
    def then(self) -> str:
        """Such as “14, Fair (up 2)”; blank without an earlier total."""
        if self.previous is None:
            return ""
        label = f", {self.previous_band}" if self.previous_band else ""
        return f"{self.previous}{label} ({self.change})"


def kept(part: Part) -> dict[str, Any]:
    """What a snapshot keeps of one."""
    return {
        "code": part.code,
        "name": part.name,
        "leads": part.leads,
        "total": part.total,
        "possible": part.possible,
        "band": {"key": part.band.key, "label": part.band.label} if part.band else None,
        "bands": [asdict(band) for band in part.bands],
    }


def brief(parts: Sequence[Stored]) -> list[dict[str, Any]]:
    """What another review's snapshot keeps of an earlier one's: not by which bands it was judged."""
    return [{key: value for key, value in part.items() if key != "bands"} for part in parts]


def stored(snapshot: Stored) -> Sequence[Stored]:
    return snapshot.get("parts") or ()


def leads(snapshot: Stored) -> str:
    """The code of the part whose total stands for the review; blank where there is one total."""
    return next((part["code"] for part in stored(snapshot) if part["leads"]), "")


def counted(snapshot: Stored) -> list[Stored]:
    """The sections whose items the total adds up."""
    return sections_of(snapshot, leads(snapshot))


def sections_of(snapshot: Stored, part: str) -> list[Stored]:
    return [section for section in snapshot["sections"] if section.get("part", "") == part]


def parts_of(snapshot: Stored, previous: Stored | None = None) -> tuple[PartPaper, ...]:
    earlier = {(part["code"], part["possible"]): part for part in stored(previous or {})}
    return tuple(_part(part, earlier.get((part["code"], part["possible"]))) for part in stored(snapshot))


def _part(part: Stored, before: Stored | None) -> PartPaper:
    earlier = before["total"] if before else None
    return PartPaper(
        code=part["code"],
        name=part["name"],
        leads=part["leads"],
        total=part["total"],
        possible=part["possible"],
        band=_label(part),
        previous=earlier,
        previous_band=_label(before) if before else "",
        change=change(part["total"], earlier),
    )


def _label(part: Stored) -> str:
    return sentence(part["band"]["label"]) if part["band"] else ""


def said(parts: Sequence[PartPaper]) -> str:
    """Employment 16 of 20, Good; Education 12 of 15"""
    return "; ".join(part.words for part in parts)


def results(team: str, parts: Sequence[PartPaper], onward: Stored | None) -> list[str]:
    """A sentence for each part, and how far the leading one is from its next band."""
    found = []
    for part in sorted(parts, key=lambda part: not part.leads):
        scored = f"{team} scored {part.total} of {part.possible} points in {part.name}"
        found.append(f"{scored}, which is in the {part.band} band." if part.band else f"{scored}.")
        if part.leads and onward:
            verb = "reaches" if onward["points"] == 1 else "reach"
            more = count(onward["points"], "more point", "more points")
            found.append(f"{more} in {part.name} {verb} the {onward['label']} band.")
        elif part.leads and part.band:
            found.append(f"This is the highest band of {part.name}.")
    found.append("Each part has its own total; there is none of all parts together.")
    return found


def moved(parts: Sequence[PartPaper]) -> str:
    """Such as “Employment rose by 2 points and Education did not move”."""
    return listed([_moved(part) for part in parts if part.total is not None and part.previous is not None])


def _moved(part: PartPaper) -> str:
    points = (part.total or 0) - (part.previous or 0)
    if not points:
        return f"{part.name} did not move"
    return f"{part.name} {'rose' if points > 0 else 'fell'} by {count(abs(points), 'point', 'points')}"

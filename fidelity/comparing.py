"""Two issued reports of one team beside each other, item by item. Pure: two snapshots in, words out.

Of two editions of one report it also says which words were changed. Items meet by their code, also where the editions
of the scale differ; what stands on one scale only is said to. Source: domain reference 1.3, R11: reviews that were not
done by the same eyes are compared with a word of warning.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from fidelity.paper.parts import PartPaper, counted, leads, parts_of, sections_of
from fidelity.paper.wording import change, days

Snapshot = Mapping[str, Any]
AROUND = {"strengths": "Strengths", "next_steps": "Next steps"}
OF_REVIEW = {"overview": "About the team", "method": "How the review was done"}
RATING = "Rating"
OF_ITEM = {
    "rating": RATING,
    "anchor": "What the rating means",
    "found": "What was found",
    "recommendation": "Recommendation",
}


@dataclass(frozen=True)
class Side:
    """One of the two reports; `name` tells it from the other."""

    name: str
    when: str
    kind: str
    edition: int
    scale: str
    total: int | None
    possible: int
    band: str
    is_imported: bool = False
    parts: tuple[
        PartPaper, ...
    ] = ()  # where its scale has a total per part; the total is then the leading one's


@dataclass(frozen=True)
class Row:
    code: str
    number: int
    name: str
    before: int | None
    after: int | None
    change: str


@dataclass(frozen=True)
class Section:
    """Both subtotals are of the items of their own scale; `change` only where these are the same items."""

    name: str
    rows: tuple[Row, ...]
    before: int | None
    after: int | None
    possible: int
    change: str


@dataclass(frozen=True)
class Part:
    """A total of a part of the scale, as both reports have it; `change` only where it is of the same items."""

    before: PartPaper | None
    after: PartPaper | None
    change: str

    @property
    def both(self) -> list[PartPaper]:
        """The later one first."""
        return [each for each in (self.after, self.before) if each]

    @property
    def name(self) -> str:
        return self.both[0].name

    @property
    def possible(self) -> int | None:
        """None where it is not the same in both."""
        sizes = {each.possible for each in self.both}
        return sizes.pop() if len(sizes) == 1 else None

    @property
    def said(self) -> tuple[int | str | None, int | str | None]:
        """Before and after; with what each is of where that differs."""
        return self._said(self.before), self._said(self.after)

    def _said(self, part: PartPaper | None) -> int | str | None:
        if part is None or part.total is None:
            return None
        return part.total if self.possible else f"{part.total} of {part.possible}"


@dataclass(frozen=True)
class Words:
    """One thing a report says, in the edition before and in the one after."""

    about: str
    before: str
    after: str


@dataclass(frozen=True)
class Passage:
    """An item, or the texts around the items, that two editions of one report word differently."""

    code: str
    name: str
    words: tuple[Words, ...]


@dataclass(frozen=True)
class Comparison:
    before: Side
    after: Side
    sections: tuple[Section, ...]
    gone: tuple[Row, ...]  # items of the earlier scale that the later one has not
    change: str  # of the totals
    notes: tuple[str, ...]
    passages: tuple[Passage, ...] = ()  # of two editions of one report
    parts: tuple[Part, ...] = ()  # of either report, those of the later one first

    @property
    def sides(self) -> tuple[Side, Side]:
        return self.before, self.after

    @property
    def rows(self) -> list[Row]:
        return [*(row for section in self.sections for row in section.rows), *self.gone]

    @property
    def words(self) -> str:
        moved = [row.change.split()[0] for row in self.rows]
        up, down, same = (moved.count(word) for word in ("up", "down", "same"))
        return f"{up} {'item' if up == 1 else 'items'} went up, {down} went down and {same} stayed the same."


def compare(before: Snapshot, after: Snapshot) -> Comparison:
    """`before` is the earlier report, or the edition that was replaced."""
    earlier = {item["code"]: item for part in before["sections"] for item in part["items"]}
    subtotals = {part["code"]: part for part in before["sections"]}
    later = {item["code"] for part in after["sections"] for item in part["items"]}
    alike = codes(counted(before)) == codes(counted(after)) and leads(before) == leads(after)
    is_one = are_editions(before, after)
    return Comparison(
        before=side(before, by_edition=is_one),
        after=side(after, by_edition=is_one),
        sections=tuple(section(part, subtotals.get(part["code"]), earlier) for part in after["sections"]),
        gone=tuple(row_gone(item) for code, item in earlier.items() if code not in later),
        change=change(after["total"], before["total"]) if alike else "not comparable",
        notes=notes(before, after),
        passages=passages(before, after) if is_one else (),
        parts=parts(before, after),
    )


def codes(sections: Iterable[Snapshot]) -> set[str]:
    return {item["code"] for section in sections for item in section["items"]}


def parts(before: Snapshot, after: Snapshot) -> tuple[Part, ...]:
    """Parts meet by their code."""
    earlier, later = ({part.code: part for part in parts_of(each)} for each in (before, after))
    return tuple(
        part(code, earlier.get(code), later.get(code), before, after) for code in {**later, **earlier}
    )


def part(
    code: str, first: PartPaper | None, second: PartPaper | None, before: Snapshot, after: Snapshot
) -> Part:
    alike = codes(sections_of(before, code)) == codes(sections_of(after, code))
    now, then = (each.total if each else None for each in (second, first))
    return Part(first, second, change(now, then) if alike else "not comparable")


def are_editions(before: Snapshot, after: Snapshot) -> bool:
    """Of one report, not of two."""
    return "public_id" in before["review"] and before["review"]["public_id"] == after["review"].get(
        "public_id"
    )


def passages(before: Snapshot, after: Snapshot) -> tuple[Passage, ...]:
    """The texts first, then the items in the order of the scale."""
    earlier = {item["code"]: item for part in before["sections"] for item in part["items"]}
    texts = [
        *(Words(about, before[key] or "", after[key] or "") for key, about in AROUND.items()),
        *(
            Words(about, before["review"].get(key) or "", after["review"].get(key) or "")
            for key, about in OF_REVIEW.items()
        ),
    ]
    found = [Passage("", "Texts of the report", changed(texts))]
    for part in after["sections"]:
        for item in part["items"]:
            if other := earlier.get(item["code"]):
                found.append(
                    Passage(item["code"], f"{item['seq']}. {item['name']}", changed(said(other, item)))
                )
    return tuple(passage for passage in found if passage.words)


def said(before: Snapshot, after: Snapshot) -> list[Words]:
    return [
        *(Words(about, str(before[key] or ""), str(after[key] or "")) for key, about in OF_ITEM.items()),
        Words("Comes first in the report", yes(before["priority"]), yes(after["priority"])),
    ]


def changed(words: list[Words]) -> tuple[Words, ...]:
    return tuple(each for each in words if each.before.strip() != each.after.strip())


def yes(value: Any) -> str:
    return "Yes" if value else "No"


def side(snapshot: Snapshot, *, by_edition: bool) -> Side:
    review = snapshot["review"]
    when = days(review["starts_on"], review["ends_on"])
    return Side(
        name=f"Edition {snapshot['edition']}" if by_edition else when,
        when=when,
        kind=review["kind"],
        edition=snapshot["edition"],
        scale=named(snapshot),
        total=snapshot["total"],
        possible=snapshot["possible"],
        band=(snapshot["band"] or {}).get("label", ""),
        is_imported="imported" in snapshot,
        parts=parts_of(snapshot),
    )


def named(snapshot: Snapshot) -> str:
    return f"{snapshot['scale']['name']}, {snapshot['scale']['edition']}"


def section(part: Snapshot, other: Snapshot | None, earlier: Mapping[str, Snapshot]) -> Section:
    rows = tuple(row(item, earlier.get(item["code"])) for item in part["items"])
    codes = {item["code"] for item in part["items"]}
    alike = other is not None and {item["code"] for item in other["items"]} == codes
    before = other["subtotal"] if other else None
    return Section(
        name=part["name"],
        rows=rows,
        before=before,
        after=part["subtotal"],
        possible=part["possible"],
        change=change(part["subtotal"], before) if alike else "not comparable",
    )


def row(item: Snapshot, other: Snapshot | None) -> Row:
    """A rating that was not given is no rating of a scale that has no such item."""
    before = other["rating"] if other else None
    words = change(item["rating"], before) if other else "only on the later scale"
    return Row(item["code"], item["seq"], item["name"], before, item["rating"], words)


def row_gone(item: Snapshot) -> Row:
    return Row(item["code"], item["seq"], item["name"], item["rating"], None, "only on the earlier scale")


def notes(before: Snapshot, after: Snapshot) -> tuple[str, ...]:
    found = []
    if brought := [each["review"] for each in (before, after) if "imported" in each]:
        when = " and ".join(days(review["starts_on"], review["ends_on"]) for review in brought)
        found.append(f"Imported from the state's own records, with ratings alone: {when}.")
    if (before["review"]["kind"] == "external") != (after["review"]["kind"] == "external"):
        found.append(
            "The two were not done the same way (one of them is a self-review), so compare with care."
        )
    if before["scale"]["hash"] != after["scale"]["hash"]:
        found.append(
            f"They were rated on different scales: {named(before)}, and {named(after)}. Items are matched by their "
            "code; wording and anchors may differ."
        )
    return tuple(found)

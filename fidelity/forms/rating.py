"""What a rating page or an autosave may send, read strictly. Text becomes values here, and only here.

Nothing is dropped silently: a field the sheet does not have is refused by its name (bad-input catalogue, G5).
"""

import json
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.http import QueryDict

from agencies.refusals import Unacceptable
from fidelity.actions.rating import RatingValues
from fidelity.models import NOTE_LIMIT
from fidelity.scales import Item, Scale
from fidelity.scoring import RatingError, check_rating, parse_rating

ITEM_FIELDS = ("score", "note", "sources", "is_flagged", "version")
PARTS = ("score", "note", "sources", "flag", "version", "base", "keep")
FORM_FIELDS = frozenset({"csrfmiddlewaretoken", "then"})
LARGEST_BODY = 512 * 1024  # a note of 10,000 characters, each escaped twice over, is under 130 KB
LARGEST_VERSION = 2**31 - 1

# What word processors put between words and nobody sees. Quotation marks, dashes and bullets stay as pasted.
SPACES = dict.fromkeys(map(ord, "\u00a0\u2007\u202f"), " ")
LINE_ENDS = dict.fromkeys(map(ord, "\v\f\u0085\u2028"), "\n") | {ord("\u2029"): "\n\n"}
UNSEEN = dict.fromkeys(map(ord, "\u00ad\u200b\u2060\ufeff"))
SYMBOL_BULLETS = dict.fromkeys(map(ord, "\uf0b7\uf0a7"), "•")  # the bullets of the Symbol and Wingdings fonts
PASTED = SPACES | LINE_ENDS | UNSEEN | SYMBOL_BULLETS


class Malformed(ValueError):
    """Not a message of the agreed kind at all: answered with 400."""


class TooLarge(Malformed):
    """Answered with 413."""


@dataclass(frozen=True)
class ItemSave:
    values: RatingValues
    version: int


@dataclass(frozen=True)
class TypedItem:
    """One item of a whole-sheet form. `values` is empty when something in it cannot be taken."""

    score: int | None
    note: str
    sources: tuple[str, ...]
    is_flagged: bool
    version: int
    base: str
    takes_theirs: bool
    problems: tuple[str, ...]

    @property
    def values(self) -> RatingValues | None:
        if self.problems:
            return None
        return RatingValues(self.score, self.note, self.sources, self.is_flagged)


@dataclass(frozen=True)
class TypedSheet:
    items: Mapping[str, TypedItem]
    unknown: tuple[str, ...]

    @property
    def is_acceptable(self) -> bool:
        return not self.unknown and not any(item.problems for item in self.items.values())


def clean_note(text: str) -> str:
    """A note as it is kept: plain line ends and spaces, nothing that cannot be stored or printed."""
    if "\x00" in text:
        raise Unacceptable(
            "The note holds a character that cannot be stored (NUL). Delete what was pasted last and type it.",
            field="note",
        )
    if any(unicodedata.category(char) == "Cs" for char in text):
        raise Unacceptable(
            "The note holds half of a character, such as a broken emoji. Delete it and save again.",
            field="note",
        )
    text = text.replace("\r\n", "\n").replace("\r", "\n").translate(PASTED)
    text = "".join(char for char in text if char in "\n\t" or unicodedata.category(char) != "Cc")
    if len(text) > NOTE_LIMIT:
        raise Unacceptable(
            f"The note has {len(text):,} characters; the limit is {NOTE_LIMIT:,}. Shorten it by "
            f"{len(text) - NOTE_LIMIT:,}.",
            field="note",
        )
    return text


def known_sources(item: Item, codes: Iterable[str]) -> tuple[str, ...]:
    """The chosen sources in the item's order."""
    chosen = list(codes)
    for code in chosen:
        if code not in item.sources:
            raise Unacceptable(
                f"“{code[:20]}” is not a data source of this item. Choose from {', '.join(item.sources)}.",
                field="sources",
            )
    return tuple(code for code in item.sources if code in chosen)


# --- one item, as JSON ----------------------------------------------------------------------------------------
def read_json(body: bytes) -> dict[str, Any]:
    if len(body) > LARGEST_BODY:
        raise TooLarge(
            f"The message has {len(body) // 1024} KB; one item needs less than {LARGEST_BODY // 1024} KB."
        )
    try:
        data = json.loads(body.decode(), object_pairs_hook=_once, parse_constant=_no_constant)
    except Malformed:
        raise
    except (ValueError, RecursionError):  # not UTF-8, not JSON, numbers or nesting beyond reason
        raise Malformed("Send one item as a JSON object.") from None
    if not isinstance(data, dict):
        raise Malformed("Send one item as a JSON object, not as a list or a single value.")
    return data


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    read = dict(pairs)
    if len(read) < len(pairs):
        raise Malformed("A field stands twice in the message.")
    return read


def _no_constant(name: str) -> None:
    raise Malformed(f"{name} is not a value of JSON.")


def parse_item(data: Mapping[str, Any], item: Item) -> ItemSave:
    """The values of one autosave; Unacceptable names the field and what to do."""
    for name in data:
        if name not in ITEM_FIELDS:
            raise Unacceptable(f"unknown or read-only field: {_short(name)}", field=_short(name))
    for name in ITEM_FIELDS:
        if name not in data:
            raise Unacceptable(f"The field {name} is missing.", field=name)
    version = data["version"]
    if type(version) is not int or not 0 <= version <= LARGEST_VERSION:
        raise Unacceptable("version must be the whole number that came with the item.", field="version")
    if type(data["is_flagged"]) is not bool:
        raise Unacceptable("is_flagged must be true or false.", field="is_flagged")
    return ItemSave(
        RatingValues(
            score=None if data["score"] is None else _score(data["score"]),
            note=clean_note(_text(data["note"], "note")),
            sources=known_sources(item, _texts(data["sources"], "sources")),
            is_flagged=data["is_flagged"],
        ),
        version,
    )


def _score(value: object) -> int:
    try:
        return check_rating(value)
    except RatingError as problem:
        raise Unacceptable(str(problem), field="score") from None


def _text(value: object, name: str) -> str:
    if not isinstance(value, str):
        raise Unacceptable(f"{name} must be text.", field=name)
    return value


def _texts(value: object, name: str) -> list[str]:
    if not isinstance(value, list):
        raise Unacceptable(f"{name} must be a list of codes.", field=name)
    return [_text(each, name) for each in value]


def _short(name: str) -> str:
    return name.encode("ascii", "replace").decode()[:40]


# --- the whole sheet, as a form -------------------------------------------------------------------------------
def parse_sheet(post: QueryDict, scale: Scale, files: Iterable[str] = ()) -> TypedSheet:
    """All items of a form sent without scripts. An item comes whole or not at all; what comes not is left alone."""
    allowed = {f"{part}-{code}" for code in scale.codes for part in PARTS} | FORM_FIELDS
    unknown = tuple(_short(name) for name in [*post, *files] if name not in allowed)
    items = {
        item.code: _typed(post, item)
        for item in scale.items
        if any(f"{part}-{item.code}" in post for part in PARTS)
    }
    return TypedSheet(items, unknown)


def _typed(post: QueryDict, item: Item) -> TypedItem:
    problems: list[str] = []
    single = {part: _one(post, f"{part}-{item.code}", problems) for part in PARTS if part != "sources"}
    raw_note, version = single["note"], single["version"]
    if raw_note is None or version is None:
        problems.append("The form came incomplete. Load the page again before you save this item.")
    score: int | None = None
    note, sources = raw_note or "", tuple(post.getlist(f"sources-{item.code}"))
    try:
        score = parse_rating(single["score"]) if single["score"] else None
    except RatingError as problem:
        problems.append(str(problem))
    try:
        note = clean_note(note)
    except Unacceptable as refusal:
        problems.append(refusal.message)
        note = note.replace("\x00", "")
    try:
        sources = known_sources(item, sources)
    except Unacceptable as refusal:
        problems.append(refusal.message)
    return TypedItem(
        score=score,
        note=note,
        sources=sources,
        is_flagged=single["flag"] is not None,
        version=_version(version, problems),
        base=single["base"] or "",
        takes_theirs=single["keep"] == "theirs",
        problems=tuple(problems),
    )


def _one(post: QueryDict, name: str, problems: list[str]) -> str | None:
    values = post.getlist(name)
    if len(values) > 1:
        problems.append(f"{name} was sent {len(values)} times.")
    return str(values[-1]) if values else None


def _version(text: str | None, problems: list[str]) -> int:
    if text is None:
        return 0
    if text.isascii() and text.isdigit() and len(text) <= 10 and int(text) <= LARGEST_VERSION:
        return int(text)
    problems.append("The form's version is not a number. Load the page again before you save this item.")
    return 0

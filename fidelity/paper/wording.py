"""Dates, changes and running text as words: the small phrases both papers share."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

BULLET = re.compile(r"^\s*(?:[-*\u2022\u00b7\u25aao\u2023\u2013]|\d{1,2}[.)])\s+(?=\S)")


@dataclass(frozen=True)
class Block:
    """A paragraph (its lines), or a list (its points) when `points` is true."""

    lines: tuple[str, ...]
    points: bool = False


def blocks(text: str | None) -> tuple[Block, ...]:
    """Text as people type and paste it: blank lines part paragraphs; lines led by a bullet or number make a list."""
    found: list[Block] = []
    for part in re.split(r"\n\s*\n", (text or "").replace("\r\n", "\n").replace("\r", "\n").strip()):
        fresh = True  # a blank line ends a paragraph, but a list may go on after one
        for line in filter(None, (line.strip() for line in part.split("\n"))):
            points = bool(BULLET.match(line))
            block = Block((BULLET.sub("", line),), points)
            if found and found[-1].points == points and (points or not fresh):
                found[-1] = Block(found[-1].lines + block.lines, points)
            else:
                found.append(block)
            fresh = False
    return tuple(found)


def weight(text: tuple[Block, ...]) -> int:
    """How much room the text takes: its characters, and a line's worth for each line it begins."""
    return sum(len(line) + 50 for block in text for line in block.lines)


def day(iso: str | None) -> str:
    """October 14, 2026"""
    if not iso:
        return ""
    value = date.fromisoformat(iso)
    return f"{value:%B} {value.day}, {value.year}"


def days(start: str, end: str | None) -> str:
    """October 14 to 15, 2026, with month and year said twice only where they differ."""
    first, last = date.fromisoformat(start), date.fromisoformat(end or start)
    if first == last:
        return day(start)
    if first.year != last.year:
        return f"{day(start)} to {day(end)}"
    if first.month != last.month:
        return f"{first:%B} {first.day} to {last:%B} {last.day}, {last.year}"
    return f"{first:%B} {first.day} to {last.day}, {last.year}"


def month(iso: str) -> str:
    """Oct 2026"""
    return f"{date.fromisoformat(iso):%b %Y}"


def count(number: int, one: str, many: str) -> str:
    return f"{number} {one if number == 1 else many}"


def change(now: int | None, before: int | None) -> str:
    """How a rating moved, in words: colour or an arrow alone would leave somebody out."""
    if now is None or before is None:
        return "no comparison"
    if now == before:
        return "same"
    return f"up {now - before}" if now > before else f"down {before - now}"


def listed(names: list[str]) -> str:
    """Ana, Ben and Cora"""
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}" if names else ""


def sentence(text: str) -> str:
    """The word or phrase as the beginning of a line."""
    return text[:1].upper() + text[1:]


@dataclass(frozen=True)
class Words:
    """The state's own words for the things of the program."""

    person_served: str
    people_served: str
    agency: str
    specialist: str
    review: str

    @classmethod
    def of(cls, words: Mapping[str, str]) -> "Words":
        return cls(
            person_served=words.get("person_served") or "client",
            people_served=words.get("people_served") or "clients",
            agency=words.get("agency") or "agency",
            specialist=words.get("specialist") or "IPS specialist",
            review=words.get("review") or "fidelity review",
        )

"""Whose paper it is, about whom, from when, and how far it is to be trusted: the same on both papers."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from fidelity.paper.wording import Words, day, days, sentence

COLOUR = re.compile(r"#[0-9a-fA-F]{6}")
# A self-review is the agency's own view of itself; it must never be taken for an independent one (domain rule R11).
KINDS = {
    "external": ("External review", "Rated by reviewers who do not work for the {agency}."),
    "guided_self": ("Guided self-review", "The {agency} rated itself, guided by a reviewer from outside."),
    "self": ("Self-review", "The {agency} rated itself. No outside reviewer took part."),
}
MODES = {"onsite": "on site", "virtual": "virtual"}


@dataclass(frozen=True)
class Head:
    program: str
    state_name: str
    contact: str
    brand: str
    brand_ink: str
    brand_accent: str
    logo: bool
    agency: str
    team: str
    title: str
    running: str
    draft: bool
    status: str
    status_line: str
    edition_line: str
    issued_on: str
    issued_by: str
    dates: str
    mode: str
    kind: str
    kind_note: str
    is_self: bool
    imported: str  # how it came here, where that was not by the portal's own way
    imported_on: str
    reported_on: str
    reviewers: tuple[str, ...]
    scale: str

    @property
    def long_name(self) -> bool:
        """Names too long for the cover's usual size."""
        return len(self.agency) + len(self.team) > 90


def head(snapshot: Mapping[str, Any], *, title: str, status: str, edition_line: str) -> Head:
    state, review = snapshot["state"], snapshot["review"]
    kind, note = KINDS[review["kind"]]
    team = snapshot["team"]["name"]
    brought = snapshot.get("imported") or {}
    return Head(
        program=state["program"],
        state_name=state["name"],
        contact=state.get("contact") or "",
        brand=_colour(state.get("brand"), "#1a4480"),
        brand_ink=_colour(state.get("brand_ink"), "#ffffff"),
        brand_accent=_colour(state.get("brand_accent"), "#005ea2"),
        logo=bool(state.get("logo")),
        agency=snapshot["agency"]["name"],
        team=team,
        title=title,
        running=f"{title}, {_short(team, 60)}",
        draft=status == "DRAFT",
        status=status,
        status_line=" · ".join(([kind] if review["kind"] != "external" else []) + [status, edition_line]),
        edition_line=edition_line,
        issued_on=day(snapshot.get("issued_on")),
        issued_by=snapshot.get("issued_by") or "",
        dates=days(review["starts_on"], review.get("ends_on")),
        mode=MODES.get(review["mode"], ""),
        kind=kind,
        kind_note=note.format(agency=Words.of(snapshot["words"]).agency),
        is_self=review["kind"] != "external",
        imported=imported(snapshot),
        imported_on=day(brought.get("on")),
        reported_on=day(brought.get("reported_on")),
        reviewers=tuple(
            f"{person['name']} (lead)"
            if person.get("lead") and len(review["reviewers"]) > 1
            else person["name"]
            for person in review["reviewers"]
        ),
        scale=f"{snapshot['scale']['name']}, {snapshot['scale']['edition']}",
    )


def report_edition(snapshot: Mapping[str, Any]) -> str:
    edition = f"Edition {snapshot['edition']}"
    if found := snapshot.get("imported"):
        return f"{edition}, imported {day(found['on'])}"
    issued = day(snapshot.get("issued_on"))
    return f"{edition}, issued {issued}" if issued and not snapshot["draft"] else f"{edition}, not issued"


def imported(snapshot: Mapping[str, Any]) -> str:
    """Said wherever the review is read: what is not here was not lost, it was never brought along."""
    found = snapshot.get("imported")
    if not found:
        return ""
    reported = found.get("reported_on")
    report = f"Its report is dated {day(reported)}." if reported else "The day of its report is not known."
    return (
        f"{found['by']} imported this review on {day(found['on'])} from the state's own records, with its ratings "
        f"alone. {report} Reviewers, notes, recommendations and an action plan were not brought along."
    )


def report_status(snapshot: Mapping[str, Any]) -> str:
    if snapshot["draft"]:
        return "DRAFT"
    return "SUPERSEDED" if snapshot.get("superseded") else "FINAL"


def superseded(snapshot: Mapping[str, Any]) -> str:
    """What has taken the place of this edition; empty for the newest."""
    later = snapshot.get("superseded")
    if not later:
        return ""
    return (
        f"This is edition {snapshot['edition']}. It was superseded by edition {later['edition']}, issued "
        f"{day(later['issued_on'])}. Use that one."
    )


def corrects(snapshot: Mapping[str, Any]) -> str:
    """Which edition this one corrects, and why; empty for the first."""
    before = snapshot.get("corrects")
    if not before:
        return ""
    return (
        f"This edition corrects edition {before['edition']} of {day(before['issued_on'])}. "
        f"Reason: {before['reason'].strip()}"
    )


def named(words: Words, noun: str) -> str:
    """Fidelity review report"""
    return sentence(f"{words.review} {noun}")


def _colour(value: str | None, otherwise: str) -> str:
    """Colours go into the style sheet, so nothing but a colour may pass."""
    return value if value and COLOUR.fullmatch(value) else otherwise


def _short(text: str, length: int) -> str:
    return text if len(text) <= length else text[: length - 1].rstrip() + "…"

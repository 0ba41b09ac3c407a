"""The people of the world at their browsers. Every request is taken back, so that each meets the same world."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from html import unescape
from io import BytesIO
from typing import Any
from zipfile import ZipFile

from django.db import connection, transaction
from django.test import Client

from tests.architecture import tables
from tests.architecture.oracle import PEOPLE, Where, Who, may, scope
from tests.architecture.world import LEAD, SECOND, SUPERVISORS, Corner, World

STATE_WIDE = {"SA", "ST", "VR", "MH", "DL"}
SHUT_OUT = ("departed", "stranger")  # signed in, but members of nothing now
UNSIGNED = ("anonymous", "deactivated")
FINAL, DRAFT = "Fidelity review: final report", "Fidelity report: draft"
PLAN, MEMBERSHIP, TOKEN = "Action plan and items", "Membership and invitation", "API token"
STANDING = "Lifecycle decision and standing"


@dataclass(frozen=True)
class Answer:
    status: int
    body: bytes
    location: str
    headers: Mapping[str, str]
    wrote: list[str]

    @property
    def verdict(self) -> str:
        if self.status == 302 and self.location.startswith("/accounts/login/"):
            return "sign in"
        if self.status >= 500:
            return "broken"
        return {401: "sign in", 403: "refused", 404: "hidden", 405: "no method"}.get(self.status, "passes")


class Visits:
    def __init__(self, world: World) -> None:
        self.world = world
        self.made = 0
        self.baseline: tables.Prints | None = (
            None  # the untouched world; set it back after changing the world
        )
        self.clients = {name: self._client(name) for name in (*PEOPLE, *SHUT_OUT, *UNSIGNED)}
        self.unseen = {name: _forbidden(world, who) for name, who in PEOPLE.items()}
        nothing = re.compile("|".join(re.escape(text) for text, _, _ in markers(world)))
        self.unseen |= dict.fromkeys((*SHUT_OUT, *UNSIGNED), nothing)

    def _client(self, name: str) -> Client:
        client = Client(raise_request_exception=False)
        if name != "anonymous":
            client.force_login(getattr(self.world, name, None) or self.world.cast.meridian.people[name])
        return client

    def ask(
        self, name: str, method: str, path: str, data: Any = None, *, watched: bool = False, **extra: Any
    ) -> Answer:
        """One request, taken back. Foreign keys are checked as a commit would; `watched` says what was written."""
        self.made += 1
        client = self.clients[name]
        cookies = client.cookies.copy()
        with transaction.atomic():
            wrote: list[str] = []
            if watched and self.baseline is None:
                self.baseline = tables.prints()
            touched = tables.touched() if watched else 0
            is_form = method == "POST" and not path.startswith("/api/")
            if (is_form or method in ("GET", "HEAD")) and not isinstance(data, str | bytes):
                response = getattr(client, method.lower())(path, data or {}, **extra)
            else:
                body = data or ("{}" if method in ("POST", "PUT", "PATCH") else "")
                response = client.generic(method, path, body, content_type="application/json", **extra)
            if method not in ("GET", "HEAD") and response.status_code < 400:
                connection.check_constraints()
            if watched and tables.touched() > touched:
                wrote = tables.changed(self.baseline or {}, tables.prints())
            transaction.set_rollback(True)
        client.cookies = cookies  # signing out is taken back, too
        content = b"".join(response) if response.streaming else response.content
        headers = dict(response.items())
        return Answer(response.status_code, content, headers.get("Location", ""), headers, wrote)

    def leaks(self, name: str, answer: Answer) -> list[str]:
        """Markers in the answer that this person must not see anywhere."""
        text = readable(answer.body) + "\n".join(answer.headers.values())
        return sorted(set(self.unseen[name].findall(text)))


def readable(body: bytes) -> str:
    """A workbook is a zip: what stands in its parts."""
    if not body.startswith(b"PK\x03\x04"):
        return body.decode("utf-8", "replace")
    with ZipFile(BytesIO(body)) as book:
        return "\n".join(unescape(book.read(name).decode("utf-8", "replace")) for name in book.namelist())


# --- what nobody but the entitled may read --------------------------------------------------------------------
def markers(world: World) -> list[tuple[str, str, Corner | None]]:
    """(text, what it is, whose corner). A text without a corner belongs to the other state as a whole."""
    found: list[tuple[str, str, Corner | None]] = [(world.cast.bayou.state.name, "other state", None)]
    for corner in world.corners.values():
        if corner.state == "bayou":
            continue  # its names all carry the state's name; its secrets follow below
        found += [
            (corner.cast.agencies[corner.agency_key].name, "agency", corner),
            (corner.cast.teams[corner.key].name, "team", corner),
            (corner.supervisor.person.email, "member", corner),
            (corner.supervisor.person.name, "member", corner),
        ]
    for corner in world.corners.values():
        for kind in (
            "finalnote",
            "compared",
            "final",
            "draftreport",
            "comment",
            "moderation",
            "plan",
            "decision",
            "message",
            "invited",
            "token",
            "note",
            "strategy",
            "statewide",
            "past",
        ):
            found.append((corner.secret(kind), kind, corner))
        found += [
            (corner.secret(f"figures{status}"), f"figures {status}", corner) for status in corner.quarters
        ]
        for persona in corner.reviewers():
            found.append((corner.secret(f"sheet{persona}"), f"sheet {persona}", corner))
    return found


def entitled(who: Who, kind: str, corner: Corner | None) -> bool:
    """May this person read such a text of that corner, wherever it stands?"""
    if corner is None or corner.state != who.state:
        return False
    lead = frozenset({LEAD})
    where = Where(corner.state, corner.agency_key, corner.key, lead)
    match kind.split()[0]:
        case "agency":  # a team's page names its lead agency
            return may(who, "view", "Agency", Where(corner.state, corner.agency_key)) or may(
                who, "view", "Team", where
            )
        case "team":
            return may(who, "view", "Team", where)
        case "member":
            people = frozenset({SUPERVISORS[corner.key]})
            return may(who, "view", MEMBERSHIP, Where(corner.state, corner.agency_key, people=people))
        case "final" | "finalnote":
            return may(who, "view", FINAL, where)
        case "compared":  # its reviewers', until there is a report
            return who.persona in (LEAD, SECOND)
        case "draftreport" | "comment":  # the state, the reviewers, and the agency, which is asked now
            agency = scope(who, "view", DRAFT) == "a" and may(who, "view", DRAFT, where)
            return who.persona == LEAD or scope(who, "view", DRAFT) == "s" or agency
        case "moderation":  # as a draft; the agency is told of none
            return who.persona == LEAD or scope(who, "view", DRAFT) == "s"
        case "plan":
            return may(who, "view", PLAN, where)
        case "decision":
            return may(who, "view", STANDING, where)
        case "message":  # the state's own people, and whom it is addressed to
            return who.role in STATE_WIDE or who.persona == SUPERVISORS[corner.key]
        case "statewide":
            return who.role in STATE_WIDE
        case "past":  # a file of past reviews is for those who import them
            return who.role == "SA"
        case "invited":
            return may(
                who,
                "view",
                MEMBERSHIP,
                Where(corner.state, corner.agency_key, corner.key, frozenset({"admin"})),
            )
        case "token":
            people = frozenset({SUPERVISORS[corner.key]})
            return may(who, "view", TOKEN, Where(corner.state, people=people))
        case "figures":  # a draft is the agency's alone
            status = "draft" if kind.split()[1] == "draft" else "submitted"
            people = frozenset({SUPERVISORS[corner.key]})
            at_home = Where(corner.state, corner.agency_key, corner.key, people)
            return may(who, "view", f"Quarterly outcome: {status}", at_home)
        case "note":  # taken on by the admin, and read by who leads the state
            return who.role in STATE_WIDE
        case "strategy":  # not told: the team's own, and who leads the state
            own = who.role in ("AL", "SU", "ES") and corner.key in who.teams
            return who.role in STATE_WIDE or own
        case "sheet":  # blind until it is finished
            return who.persona == kind.split()[1]
    raise AssertionError(f"Nobody has said who may read a text of the kind {kind}.")


def _forbidden(world: World, who: Who) -> "re.Pattern[str]":
    found = markers(world)
    open_to = {
        text for text, kind, corner in found if entitled(who, kind, corner)
    }  # one agency has several teams
    texts = {text for text, _, _ in found} - open_to
    return re.compile("|".join(re.escape(text) for text in sorted(texts, key=len, reverse=True)))

"""The register of notices: every event somebody is told about, who, in which words, and why they get it.

A mail leaves the portal's walls, so it never carries a figure, a score or anybody's case: it says that something
waits, and links to the page behind sign-in. A notice therefore names the few facts its words may use.
"""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class Notice:
    """`subject` may use the facts in braces; the text is templates/email/<key>.txt."""

    key: str
    event: str
    to_whom: str
    subject: str
    why: str
    facts: frozenset[str] = frozenset()

    @property
    def template(self) -> str:
        return f"email/{self.key}.txt"

    def checked(self, facts: Mapping[str, str]) -> dict[str, str]:
        """The facts on one line each; ValueError for one the notice does not name, or that is missing."""
        if set(facts) != self.facts:
            raise ValueError(f"The notice “{self.key}” takes {sorted(self.facts)}, not {sorted(facts)}.")
        return {name: " ".join(str(value).split()) for name, value in facts.items()}


_notices: dict[str, Notice] = {}


def register(notice: Notice) -> None:
    if _notices.setdefault(notice.key, notice) is not notice:
        raise ValueError(f"The notice “{notice.key}” is registered twice.")


def named(key: str) -> Notice:
    try:
        return _notices[key]
    except KeyError:
        raise LookupError(f"No app registers the notice “{key}”.") from None


def registered() -> tuple[Notice, ...]:
    return tuple(_notices.values())


INVITED = Notice(
    key="invited",
    event="Somebody invites you",
    to_whom="The person invited, at the address typed by the one who invites",
    subject="Your invitation to {program}",
    why="you were invited by name to this address. If you do not know the sender, ignore the message: "
    "without the link nobody gets in",
    facts=frozenset({"role", "where", "invited_by", "until"}),
)
ACCEPTED = Notice(
    key="invitation-accepted",
    event="Somebody you invited has joined",
    to_whom="The person who invited",
    subject="{name} has joined {program}",
    why="you sent the invitation",
    facts=frozenset({"name", "role", "where"}),
)
ROLE_CHANGED = Notice(
    key="role-changed",
    event="Your role or your teams change",
    to_whom="The person whose role it is",
    subject="Your role in {program} has changed",
    why="a change of your rights is always told to you",
    facts=frozenset({"role", "where", "changed_by"}),
)
ENDED = Notice(
    key="membership-ended",
    event="Your access ends",
    to_whom="The person whose access it was",
    subject="Your access to {program} has ended",
    why="a change of your rights is always told to you",
    facts=frozenset({"role", "where", "changed_by"}),
)

"""The register of notices: every event somebody is told about, who, how soon, in which words, and why they get it.

A mail leaves the portal's walls, so it never carries a figure, a score or anybody's case: it says that something
waits, and links to the page behind sign-in. A notice therefore names the few facts its words may use.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.template.loader import render_to_string

from ips_portal.notices.pacing import Pace

if TYPE_CHECKING:  # notices are named where apps are made ready, before there are models
    from agencies.models import Person, State

# (state, key, person): does what was told under the key still matter? Asked as the portal itself, before each mail.
# There is no person where the notice goes to an address without an account.
Still = Callable[["State", str, "Person | None"], bool]


@dataclass(frozen=True)
class Notice:
    """`subject` may use the facts in braces, the words are templates/email/<key>.txt, `button` leads to the link."""

    key: str
    event: str
    to_whom: str
    subject: str
    why: str
    facts: frozenset[str] = frozenset()
    pace: Pace = Pace.DIGEST
    button: str = "Open it in the portal"
    still: Still | None = None

    @property
    def template(self) -> str:
        return f"email/{self.key}.txt"

    def checked(self, facts: Mapping[str, str]) -> dict[str, str]:
        """The facts on one line each; ValueError for one the notice does not name, or that is missing."""
        if set(facts) != self.facts:
            raise ValueError(f"The notice “{self.key}” takes {sorted(self.facts)}, not {sorted(facts)}.")
        return {name: " ".join(str(value).split()) for name, value in facts.items()}

    def titled(self, words: Mapping[str, str]) -> str:
        return self.subject.format(**words)[:200]

    def text(self, words: Mapping[str, str]) -> str:
        """Its own words, without greeting, link and reason, which `letters` puts around them."""
        return render_to_string(self.template, dict(words)).strip()

    def matters(self, state: "State", key: str, person: "Person | None") -> bool:
        return self.still is None or self.still(state, key, person)


@dataclass(frozen=True)
class Sample:
    """What a notice reads like, with the names of its facts in place of them."""

    subject: str
    text: str


def sample(notice: Notice, program: str) -> Sample:
    words = {name: f"[{name.replace('_', ' ')}]" for name in notice.facts} | {"program": program}
    return Sample(notice.titled(words), notice.text(words))


def record_in(key: str) -> str:
    """The second part of a key, `notice:record:...`, by which `still` finds what it was about."""
    return key.split(":")[1]


_notices: dict[str, Notice] = {}


def register(notice: Notice) -> None:
    if _notices.setdefault(notice.key, notice) is not notice:
        raise ValueError(f"The notice “{notice.key}” is registered twice.")


def known(key: str) -> Notice | None:
    return _notices.get(key)


def named(key: str) -> Notice:
    notice = known(key)
    if notice is None:
        raise LookupError(f"No app registers the notice “{key}”.")
    return notice


def registered() -> tuple[Notice, ...]:
    return tuple(_notices.values())


DIGEST = Notice(
    key="digest",
    event="Notices that can wait were collected for you",
    to_whom="Everybody who was told something since their last digest that still matters",
    subject="News from {program}",
    why="you belong to this program. What can wait comes in one e-mail, until you choose otherwise",
    button="Open the portal",
)

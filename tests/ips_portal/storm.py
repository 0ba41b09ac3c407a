"""Raters who save without pause and keep a journal, and the invariants of trust.md 3.1 held against it.

A rater does what the rating page does: whatever comes back that is no answer is tried again, unchanged.
"""

import json
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field

from fidelity.scales import load
from ips_portal.practice.visitor import CheckFailed, Visitor
from tests.ips_portal.site import Site

CODES = load("ips25-2008").codes
SOMEBODY_ELSES = (b"Bayou", b"bayou.example")  # markers of the other state in the cast
BACK_WITHIN = 60
ENOUGH = 20  # saves after a fault that show that all is back


Ask = Callable[[str], list[tuple[object, ...]]]


@dataclass
class Journal:
    """What was sent, and what came back."""

    told: dict[tuple[str, str], tuple[int, int]] = field(
        default_factory=dict
    )  # (review, item) -> score, version
    saves: int = 0
    retries: int = 0
    refused: list[tuple[int, str, str]] = field(default_factory=list)  # status, words, reference
    lost: int = 0  # attempts without any answer
    faults: list[str] = field(default_factory=list)


@dataclass
class Rater:
    site: Site
    journal: Journal
    over: threading.Event
    visitor: Visitor
    token: str
    review: str
    items: tuple[str, ...]

    def rate(self) -> None:
        """Each item again and again, with another score each time."""
        version, score = dict.fromkeys(self.items, 0), dict.fromkeys(self.items, 0)
        for known, (last, saved) in self.journal.told.items():
            if known[0] == self.review and known[1] in version:
                version[known[1]], score[known[1]] = saved, last
        while not self.over.is_set():
            for item in self.items:
                score[item] = score[item] % 5 + 1
                self.save(item, score[item], version[item])
                version[item] += 1
                if self.over.is_set():
                    break

    def save(self, item: str, score: int, version: int) -> None:
        values = {"score": score, "note": "Seen.", "sources": [], "is_flagged": False, "version": version}
        end = time.monotonic() + BACK_WITHIN
        path = f"meridian/reviews/{self.review}/rate/{item}/"
        while time.monotonic() < end:
            try:
                answer = self.visitor.put(path, values, token=self.token)
            except CheckFailed:
                self.journal.lost += 1
            else:
                self.look_for_others(answer.body)
                if answer.status == 200:
                    self.journal.told[self.review, item] = (score, version + 1)
                    self.journal.saves += 1
                    return
                self.journal.refused.append((answer.status, answer.text, answer.reference))
                if answer.status != 503:
                    self.journal.faults.append(f"{item}: {answer.status} {answer.text[:200]}")
                    return
            self.journal.retries += 1
            time.sleep(0.2)
        self.journal.faults.append(f"I8: {item} could not be saved within {BACK_WITHIN} s")

    def look_for_others(self, body: bytes) -> None:
        self.journal.faults += [f"I9: {marker!r} was served" for marker in SOMEBODY_ELSES if marker in body]


def storm(
    site: Site, fault: Callable[[], None], *, journal: Journal | None = None, raters: int = 6
) -> Journal:
    """Raters at work while `fault` happens, and until some have saved again afterwards."""
    journal, over = journal or Journal(), threading.Event()
    visitor, token = site.trainer()
    threads = []
    for number in range(raters):
        review = site.reviews[number % len(site.reviews)]
        items = tuple(CODES[number // len(site.reviews) :: 2][:6])
        rater = Rater(
            site, journal, over, Visitor(visitor.base, visitor.email, visitor.cookies), token, review, items
        )
        threads.append(threading.Thread(target=rater.rate))
    for thread in threads:
        thread.start()
    time.sleep(0.5)
    try:
        fault()
        enough, end = journal.saves + ENOUGH, time.monotonic() + BACK_WITHIN
        while journal.saves < enough and time.monotonic() < end:
            time.sleep(0.1)
        if journal.saves < enough:
            journal.faults.append(f"I8: {ENOUGH} saves were not made within {BACK_WITHIN} s")
    finally:
        over.set()
        for thread in threads:
            thread.join()
    return journal


def broken(site: Site, journal: Journal, ask: Ask | None = None) -> list[str]:
    """What of trust.md 3.1 does not hold, in words. `ask` sees the database otherwise than the site does."""
    ask = ask or site.rows
    found = list(journal.faults)
    stored = {
        (str(review), str(item)): (score, version)
        for review, item, score, version in ask(
            "SELECT v.public_id, r.item_code, r.score, r.version FROM fidelity_rating r"
            " JOIN fidelity_reviewer w ON w.id = r.reviewer_id JOIN fidelity_review v ON v.id = w.review_id"
        )
    }
    for key, told in journal.told.items():
        if stored.get(key) != told:
            found.append(f"I1: {key} was told {told}, stored is {stored.get(key)}")
    found += [f"I3: {key} is stored and was never told" for key in stored.keys() - journal.told.keys()]
    if sum(score for score, _ in stored.values()) != sum(score for score, _ in journal.told.values()):
        found.append("I4: the sums differ")
    doubled = ask(
        "SELECT r.id, r.version, count(c.id) FROM fidelity_rating r LEFT JOIN agencies_change c"
        " ON c.table_name = 'fidelity_rating' AND c.row_id = r.id GROUP BY r.id HAVING count(c.id) <> r.version"
    )
    found += [
        f"I2: rating {row} was saved {version} times and changed {times} times"
        for row, version, times in doubled
    ]
    return found + chains(ask) + unexplained(site, journal)


def chains(ask: Ask) -> list[str]:
    ask("SELECT agencies_seal_changes(id) FROM agencies_state")
    links = ask("SELECT slug, agencies_broken_seal(id) FROM agencies_state")
    return [f"I5: the chain of {slug} is broken at {link}" for slug, link in links if link is not None]


SAID = ("Nothing was saved", "was not saved", "may have been saved already")


def unexplained(site: Site, journal: Journal) -> list[str]:
    """I7: each refusal has words of ours, and its reference is in the log."""
    found, log = [], site.log()
    for status, text, reference in journal.refused:
        words = json.loads(text).get("error", "") if text.startswith("{") else text
        if not any(said in words for said in SAID):
            found.append(f"I7: {status} says {words[:100]}")
        if not reference or f'"request_id": "{reference}"' not in log:
            found.append(f"I7: the reference {reference or 'that is missing'} is not in the log")
    return found

"""The fidelity action plan as values: who will do what by when, one section for each item of the plan.

A plan follows every report; its fields are those of the national plan form (item, steps, responsible, date) with the
rating to reach, a status and room for progress notes, and the approver where a state has one.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from fidelity.paper.head import Head, head, named
from fidelity.paper.parts import parts_of
from fidelity.paper.wording import Block, Words, blocks, count, day, sentence, weight

GOES_ON = "Everything goes on in the plan of the next review."


@dataclass(frozen=True)
class PlanRow:
    position: int
    seq: int  # the item's number in the scale, as on every page
    code: str
    name: str
    rating: int | None
    goal: int | None
    steps: tuple[str, ...]
    first_step: str
    evidence: str
    responsible: str
    target: str
    status: str
    done: str
    note: tuple[Block, ...]
    talk: tuple[tuple[str, tuple[Block, ...]], ...]  # who and when, and what they said; latest first
    closed: bool

    @property
    def id(self) -> str:
        return f"row-{self.position}"

    @property
    def short(self) -> bool:
        """Short enough to be kept on one page without leaving a hole on the page before."""
        said = sum(weight(words) + 50 for _, words in self.talk)
        return weight(self.note) + said + sum(len(step) + 50 for step in self.steps) < 1000

    @property
    def aim(self) -> str:
        if self.rating is None or self.goal is None:
            return ""
        return f"{self.rating} to {self.goal}" if self.rating != self.goal else f"keep {self.goal}"


@dataclass(frozen=True)
class PlanPaper:
    head: Head
    words: Words
    facts: tuple[tuple[str, str], ...]
    rows: tuple[PlanRow, ...]
    summary: str
    signers: tuple[tuple[str, str, str], ...]


def plan_paper(payload: Mapping[str, Any]) -> PlanPaper:
    snapshot, plan = payload["snapshot"], payload["plan"]
    words = Words.of(snapshot["words"])
    rows = tuple(_row(row) for row in sorted(plan["rows"], key=lambda row: int(row["position"])))
    about = head(
        snapshot,
        title=named(words, "action plan"),
        status="DRAFT" if plan["status"] == "draft" else "FINAL",
        edition_line=_version(plan),
    )
    return PlanPaper(
        head=about,
        words=words,
        facts=tuple((term, value) for term, value in _facts(snapshot, plan, about) if value),
        rows=rows,
        summary=GOES_ON if plan.get("goes_on") else _summary(rows),
        signers=() if asks_nobody(plan) else _signers(words, plan, about),
    )


def asks_nobody(plan: Mapping[str, Any]) -> bool:
    """It goes on as a whole in a later plan, and nobody had signed it."""
    return bool(plan.get("goes_on") and not plan.get("signed"))


def _version(plan: Mapping[str, Any]) -> str:
    updated = day(plan.get("updated_on"))
    return f"Version {plan['version']}, {updated}" if updated else f"Version {plan['version']}"


def _facts(snapshot: Mapping[str, Any], plan: Mapping[str, Any], about: Head) -> list[tuple[str, str]]:
    total, band = snapshot.get("total"), snapshot.get("band")
    is_due = not plan.get("goes_on")
    approver, approved = sentence(plan.get("approver") or ""), day(plan.get("approved_on"))
    return [
        ("Review", f"{about.dates}, {about.kind[:1].lower()}{about.kind[1:]}"),
        *(
            [(f"Fidelity total, {part.name}", part.figures) for part in parts_of(snapshot)]
            or [
                ("Fidelity total", f"{total} of {snapshot['possible']}" if total is not None else ""),
                ("Band", sentence(band["label"]) if band else ""),
            ]
        ),
        ("Plan author", plan.get("author") or ""),
        ("Plan due", day(plan.get("due_on")) if is_due else ""),
        ("Approved by", f"{approver}, {approved}" if approver and approved else ""),
        ("To be approved by", approver if is_due and not approved else ""),
    ]


def _row(row: Mapping[str, Any]) -> PlanRow:
    return PlanRow(
        position=row["position"],
        seq=row["seq"],
        code=row.get("code") or "",
        name=row["name"],
        rating=row.get("rating"),
        goal=row.get("goal"),
        steps=tuple(step.strip() for step in row.get("steps") or () if step.strip()),
        first_step=row.get("first_step") or "",
        evidence=row.get("evidence") or "",
        responsible=row.get("responsible") or "",
        target=day(row.get("target_on")),
        status=row["status_label"],
        done=day(row.get("done_on")),
        note=blocks(row.get("note")),
        talk=tuple(
            (f"{each['by']}, {day(each['on'])}", blocks(each["text"])) for each in row.get("talk") or ()
        ),
        closed=row["status"] in {"done", "dropped"},
    )


def _summary(rows: tuple[PlanRow, ...]) -> str:
    if not rows:
        return "No item of the review is in this plan yet."
    done = sum(row.closed for row in rows)
    closed = f"{done or 'none'} of them {'is' if done == 1 else 'are'} closed"
    return f"The plan covers {count(len(rows), 'item', 'items')} of the review; {closed}."


def _signers(words: Words, plan: Mapping[str, Any], about: Head) -> tuple[tuple[str, str, str], ...]:
    """Who signs and, where the plan knows them, the printed name and the day."""
    signed, approved = plan.get("signed") or {}, plan.get("approved") or {}
    signers = [
        (f"For the {words.agency}", signed.get("by", ""), day(signed.get("on"))),
        ("IPS supervisor", "", ""),
    ]
    if not about.is_self:
        signers.append((f"For {about.program}", "", ""))
    if approver := plan.get("approver"):
        signers.append((f"Approver: {approver}", approved.get("by", ""), day(approved.get("on"))))
    return tuple(signers)

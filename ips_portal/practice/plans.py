"""The plan after each practice report: rows that say who does what by when, and how far it has come."""

from dataclasses import dataclass
from datetime import date, timedelta

from fidelity import drafting
from fidelity.models import ActionPlan, PlanRow
from ips_portal.practice import sheets
from ips_portal.practice.people import Crew
from ips_portal.practice.places import Land
from ips_portal.practice.reviews import Issued

FEWEST, MOST = 3, 7  # domain reference 8.5
STILL_DRAFT = timedelta(days=18)  # a plan is written in the weeks after its report
DONE = (
    "In place since {month}, and looked at in supervision.",
    "Done. The team keeps it up; last checked in {month}.",
    "Finished in {month}; records now show it.",
)
UNDER_WAY = (
    "Two of the steps are taken, the last one waits for the partners.",
    "Begun in {month}. A vacancy has slowed it down.",
    "Tried with one colleague first; the others begin next month.",
)
DROPPED = "The agency and the trainer agreed in {month} to work on other items first."


@dataclass(frozen=True)
class Progress:
    status: str
    note: str = ""
    done_on: date | None = None


def plan(land: Land, crew: Crew, issued: Issued, *, is_last: bool) -> None:
    """The last plan is at work, an earlier one is closed."""
    issued_on = issued.review.issued_on or land.today
    fresh = is_last and land.today - issued_on < STILL_DRAFT
    row = ActionPlan(
        state=land.state,
        review=issued.review,
        team=issued.site.team,
        author=issued.lead.person,
        due_on=issued_on + timedelta(days=land.policy.action_plan.due_days),
        version=1 if fresh else land.rng.randint(3, 8),
        updated_at=land.at(issued_on, 10)
        if fresh
        else land.at(min(issued_on + timedelta(days=21), land.today - timedelta(days=1)), 10),
    )
    land.rows.add(row)
    rows = [
        _row(land, crew, issued, row, code, position, fresh=fresh, is_last=is_last)
        for position, code in enumerate(_codes(land, issued), start=1)
    ]
    left = any(each.status in (PlanRow.Status.NOT_STARTED, PlanRow.Status.IN_PROGRESS) for each in rows)
    row.status = (
        ActionPlan.Status.DRAFT
        if fresh
        else ActionPlan.Status.ACTIVE
        if left
        else ActionPlan.Status.COMPLETED
    )


def _codes(land: Land, issued: Issued) -> list[str]:
    return sheets.weakest(land.scale, issued.rated, land.rng.randint(FEWEST + 1, MOST))


def _row(
    land: Land,
    crew: Crew,
    issued: Issued,
    plan: ActionPlan,
    code: str,
    position: int,
    *,
    fresh: bool,
    is_last: bool,
) -> PlanRow:
    item, rating, evidence = land.scale.item(code), issued.rated[code], sheets.bank()[0][code]
    issued_on = issued.review.issued_on or land.today
    target = issued_on + timedelta(days=evidence.days + 7 * (position % 3))
    progress = Progress("not_started") if fresh else _progress(land, target, is_last=is_last)
    steps = drafting.steps(item, rating) if fresh else evidence.steps[: land.rng.randint(2, 3)]
    return land.rows.add(
        PlanRow(
            state=land.state,
            plan=plan,
            team=issued.site.team,
            item_code=code,
            position=position,
            rating=rating,
            goal=drafting.goal(rating),
            steps="\n".join(steps),
            responsible="" if fresh else responsible(crew, issued, evidence.who),
            target_on=target,
            status=progress.status,
            note=progress.note,
            done_on=progress.done_on,
            version=1 if fresh else land.rng.randint(2, 4),
        )
    )


def responsible(crew: Crew, issued: Issued, who: str) -> str:
    team = issued.site.team
    if who == "leader":
        return f"{crew.leaders[team.agency.slug].person.name}, director"
    supervisor = f"{crew.supervisors[team.slug].person.name}, IPS supervisor"
    return supervisor if who == "supervisor" else f"{supervisor}, with the whole team"


def _progress(land: Land, target: date, *, is_last: bool) -> Progress:
    """Past plans are closed; in the last one some rows are late, some done and some not begun."""
    rng, today = land.rng, land.today
    chance = rng.random()
    month = f"{min(target, today):%B}"
    if is_last and not (target < today and chance < 0.55) and not (target >= today and chance < 0.15):
        begun = chance > 0.75 if target < today else chance > 0.5
        return (
            Progress("in_progress", rng.choice(UNDER_WAY).format(month=month))
            if begun
            else Progress("not_started")
        )
    if not is_last and chance > 0.9:
        return Progress("dropped", DROPPED.format(month=month))
    done_on = min(target + timedelta(days=rng.randint(-20, 25)), today - timedelta(days=1))
    return Progress("done", rng.choice(DONE).format(month=f"{done_on:%B}"), done_on)

"""The plan after each practice report: rows that say who does what by when, and how far it has come."""

from dataclasses import dataclass
from datetime import date, timedelta
from uuid import NAMESPACE_OID, uuid5

from agencies.models import PayerContract, Person
from agencies.permissions import Role
from fidelity import drafting
from fidelity.models import ActionPlan, PlanEntry, PlanRow, Review
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
TALK = (
    "{name} has shown the team how. Two specialists have begun.",
    "Looked at in supervision: most records have it now.",
    "The partners agreed to meet every month from here on.",
)
COMMENT = "Well begun. Call me before the next team meeting, and we look at it together."
HELP = "Half a day with the team: went through three records together and tried the new form."
FIRST_STEP = "In the next team meeting: agree who begins, and with whom."
EVIDENCE = "Records of the last three months, and the minutes of supervision."
DROPPED = "The agency and the trainer agreed in {month} to work on other items first."


@dataclass(frozen=True)
class Progress:
    status: str
    note: str = ""
    done_on: date | None = None


def plan(
    land: Land, crew: Crew, issued: Issued, *, is_last: bool, before: dict[str, PlanRow]
) -> dict[str, str]:
    """The last plan is at work, an earlier one is closed. Returns how far each item has come.

    `before` are the team's earlier rows, the last by item.
    """
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
    for each in rows:
        if earlier := before.get(each.item_code):
            each.planned_since = earlier.planned_since or earlier.plan.review.ends_on
        if each.status != PlanRow.Status.DROPPED:
            before[each.item_code] = each
    left = any(each.status in (PlanRow.Status.NOT_STARTED, PlanRow.Status.IN_PROGRESS) for each in rows)
    row.status = (
        ActionPlan.Status.DRAFT
        if fresh
        else ActionPlan.Status.ACTIVE
        if left
        else ActionPlan.Status.COMPLETED
    )
    if not fresh:
        _talk(land, crew, issued, rows)
        _sign(land, crew, issued, row, is_last=is_last)
    kept = [each for each in rows if each.status != PlanRow.Status.DROPPED]
    return {each.item_code: each.get_status_display() for each in kept}


def _talk(land: Land, crew: Crew, issued: Issued, rows: list[PlanRow]) -> None:
    """The supervisor says how far what is begun or late has come, and a trainer comments once and tells of a visit."""
    supervisor = crew.supervisors[issued.site.team.slug].person
    trainer = crew.first(Role.STATE_TRAINER).person
    begun = [row for row in rows if row.status == PlanRow.Status.IN_PROGRESS or row.is_overdue(land.today)]
    for row, words in zip(begun, TALK, strict=False):
        first = (issued.review.issued_on or land.today) + timedelta(days=25)
        on = min(first, land.today - timedelta(days=3))
        text = words.format(name=supervisor.name)
        _entry(land, row.plan, PlanEntry.Kind.PROGRESS, supervisor, on, text=text, row=row)
    for row in begun[:1]:
        on = land.today - timedelta(days=1)
        _entry(land, row.plan, PlanEntry.Kind.COMMENT, trainer, on, text=COMMENT, row=row)
    for row in begun[1:2]:
        on = land.today - timedelta(days=2)
        _entry(land, row.plan, PlanEntry.Kind.HELP, trainer, on, text=HELP, row=row)


def _sign(land: Land, crew: Crew, issued: Issued, plan: ActionPlan, *, is_last: bool) -> None:
    """By the leader; then approved by whom the policy of the review names.

    In each state the leader shown first has one plan to sign, and where plans are approved, one waits for it.
    """
    at_work = is_last and plan.status == ActionPlan.Status.ACTIVE
    others = [row for row in land.rows.of(ActionPlan) if row.state is land.state and row is not plan]
    in_use = [row for row in others if row.status != ActionPlan.Status.DRAFT]
    shown = crew.first(Role.AGENCY_LEADER) is crew.leaders[issued.site.team.agency.slug]
    if at_work and shown and all(row.sign_off != ActionPlan.SignOff.UNSIGNED for row in in_use):
        return
    signed_on = min(plan.updated_at.date(), land.today - timedelta(days=2))
    leader = crew.leaders[issued.site.team.agency.slug].person
    plan.sign_off = ActionPlan.SignOff.SIGNED
    _entry(land, plan, PlanEntry.Kind.SIGNED, leader, signed_on)
    if not _is_approved(land, issued.review):
        return
    waiting = [row for row in in_use if row.sign_off == ActionPlan.SignOff.SIGNED]
    if at_work and not any(_is_approved(land, row.review) for row in waiting):
        return
    plan.sign_off = ActionPlan.SignOff.APPROVED
    approved_on = min(signed_on + timedelta(days=6), land.today - timedelta(days=1))
    _entry(land, plan, PlanEntry.Kind.APPROVED, _approver(land, crew, issued), approved_on)


def _is_approved(land: Land, review: Review) -> bool:
    policy = land.policy_on(review.ends_on)
    return bool(policy.action_plan.approver) and policy.is_official(review.kind)


def _approver(land: Land, crew: Crew, issued: Issued) -> Person:
    """Somebody of the payer that contracts with the agency, or else the state's admin."""
    payers = {
        contract.payer.name
        for contract in land.rows.of(PayerContract)
        if contract.agency is issued.site.team.agency and contract.ends_on is None
    }
    found = [seat.person for seat in crew.by_role[Role.PAYER] if seat.payer and seat.payer.name in payers]
    return found[0] if found else crew.first(Role.STATE_ADMIN).person


def _entry(
    land: Land,
    plan: ActionPlan,
    kind: PlanEntry.Kind,
    person: Person,
    on: date,
    *,
    text: str = "",
    row: PlanRow | None = None,
) -> None:
    land.rows.add(
        PlanEntry(
            state=land.state,
            plan=plan,
            row=row,
            team=plan.team,
            kind=kind,
            text=text,
            written_by=person,
            written_at=land.at(on, 14),
            form_key=uuid5(NAMESPACE_OID, f"{kind} {row.item_code if row else ''}"),
        )
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
            first_step="" if fresh else FIRST_STEP,
            evidence="" if fresh else EVIDENCE,
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

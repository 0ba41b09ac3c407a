"""A funding plan for each practice state, filled in by its departments as far as they got, with gaps as states have.

Coverage as in the domain reference, 8.5: Vocational Rehabilitation pays for profile, development and 90 days of
support, Medicaid for what is clinical; nobody pays for employers met without the person, nor for support after.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any
from uuid import NAMESPACE_OID, uuid5

from agencies.models import Membership, StatePolicy
from agencies.permissions import Role
from funding.actions.profile import NAME
from funding.dashboards.plan import read
from funding.dashboards.versions import parties_of
from funding.grid import Element, Entry, Method, Presence, Status
from funding.models import (
    CellNote,
    FundingPlan,
    FundingSource,
    PlanCell,
    PlanColumn,
    PlanElement,
    PlanSignature,
    PlanVersion,
)
from funding.policy import Profile, Reference, as_data
from funding.services import shipped
from funding.stored import to_data
from ips_portal.practice import sources
from ips_portal.practice.people import Crew
from ips_portal.practice.places import Land
from ips_portal.practice.rows import Rows

Said = Mapping[str, Any]
NO: Said = {"status": Status.NO}


@dataclass(frozen=True)
class Source:
    """A column, and what it says of each phase; `apart` is what it says of elements without the person."""

    payer: str
    name: str
    keeper: Role | None
    says: Mapping[str, Said]
    apart: Said | None = None
    checked: int = 4  # months ago


def pays(method: Method, **more: Any) -> Said:
    return {"status": Status.PAYS, "method": method, **more}


def partly(condition: str, method: Method = Method.HOURLY, **more: Any) -> Said:
    return {"status": Status.PARTLY, "method": method, "condition": condition, **more}


NINETY = pays(Method.MILESTONE, limit_days=90, limit_times=1, entry=Entry.ENROLLED)
CLINICAL = partly(
    "Where a symptom stands in the way and the treatment plan says so",
    entry=Entry.NECESSITY,
    presence=Presence.NEEDED,
    service_code="H2017",
)
MILESTONES = {
    "engagement": NO,
    "career_profile": pays(Method.MILESTONE, entry=Entry.ENROLLED, service_code="PROFILE"),
    "job_development": pays(Method.MILESTONE, limit_times=1, entry=Entry.ENROLLED, service_code="PLACEMENT"),
    "job_supports": NINETY,
    "benefits": NO,
    "team_work": NO,
}
REHABILITATION = {
    "engagement": CLINICAL,
    "career_profile": NO,
    "job_development": NO,
    "job_supports": CLINICAL,
    "benefits": CLINICAL,
    "team_work": NO,
}
PLANS: Mapping[str, tuple[Source, ...]] = {
    "meridian": (
        Source("vr", "Milestone payments", Role.VR_LIAISON, MILESTONES, apart=NO),
        Source("medicaid", "State Plan 1905(a)", Role.DEPARTMENT_LIAISON, REHABILITATION, apart=NO),
        Source("medicaid", "1915(i)", Role.DEPARTMENT_LIAISON, {"job_supports": {"status": Status.PLANNED}}),
        Source(
            "state",
            "State general funds",
            Role.MH_LIAISON,
            {"engagement": partly("Up to the yearly contract of each agency", Method.CONTRACT)},
            checked=30,
        ),
        Source(
            "other",
            "Five-year federal grant",
            None,
            {"team_work": pays(Method.GRANT), "education": pays(Method.GRANT)},
        ),
    ),
    "bayou": (
        Source(
            "medicaid",
            "Managed care, monthly bundle",
            Role.PAYER,
            {
                phase.key: pays(Method.MONTHLY_BUNDLE, entry=Entry.NECESSITY, service_code="BUNDLE")
                for phase in shipped().phases
                if phase.key not in ("education", "team_work")
            },
        ),
        Source(
            "vr",
            "Purchases for a person",
            Role.VR_LIAISON,
            {"job_supports": NO, "job_development": NO, "career_profile": NO},
        ),
        Source("state", "State general funds", Role.MH_LIAISON, {"team_work": pays(Method.CONTRACT)}),
    ),
    "hudson": (
        Source(
            "medicaid",
            "PROS base and add-on",
            Role.PAYER,
            dict.fromkeys(("engagement", "career_profile", "job_development", "job_supports"), CLINICAL),
            apart=NO,
        ),
        Source(
            "state",
            "Net deficit funding",
            Role.MH_LIAISON,
            {phase.key: partly("Where Medicaid does not pay", Method.CONTRACT) for phase in shipped().phases},
        ),
        Source("other", "Ticket to Work", None, {"job_supports": pays(Method.MILESTONE)}, checked=26),
    ),
    "prairie": (
        Source(
            "vr",
            "Milestone payments",
            Role.VR_LIAISON,
            {
                **MILESTONES,
                "job_development": partly(
                    "After 60 days of sobriety, in two of five offices",
                    Method.MILESTONE,
                    entry=Entry.SOBRIETY,
                ),
            },
        ),
        Source(
            "medicaid",
            "CCBHC prospective payment",
            Role.DEPARTMENT_LIAISON,
            REHABILITATION | {"job_supports": NO},
            apart=NO,
        ),
    ),
}
# Domain reference 9.10 to 9.13: where states differ.
PROFILES: Mapping[str, Profile] = {
    "meridian": Profile(
        vr_model="partner",
        vr_payment="milestone",
        medicaid_eligibility="Adults up to 138 percent of the poverty line, and people with disability benefits",
        service_definitions="Rehabilitation under the State Plan; an amendment for 1915(i) is being written",
        vr_process="Each program has one counselor; cases close after 90 days in a job",
        vr_provider="By a contract with the department, after accreditation by CARF",
        served="Everybody in mental health services who wants to work",
        references=(
            Reference("Disability Benefits 101, earnings and benefits", "https://www.db101.org/"),
            Reference("Financing IPS, IPS Employment Center", "https://ipsworks.org/"),
        ),
    ),
    "bayou": Profile(
        vr_model="excluded_payer",
        service_definitions="One bundled monthly rate for all of IPS, with prior authorization",
        managed_care="Managed care organizations pay the bundle and approve plans for improvement",
        served="Adults of 21 and more with Medicaid, recommended by a licensed professional or a physician",
        obligations=(
            "Before the service starts it is on file that it cannot be had from vocational rehabilitation.",
        ),
        references=(Reference("Rehabilitation Act of 1973, section 110"),),
    ),
    "hudson": Profile(
        vr_model="optional",
        service_definitions="PROS services where a mental health barrier stands between the person and work",
        served="Everybody enrolled in a program; IPS is given to one person at a time, never to a group",
        obligations=(
            "Each program offers IPS all the time, as a part of it.",
            "Whether Medicaid pays changes nothing of how often it is offered.",
        ),
    ),
    "prairie": Profile(
        vr_model="partner",
        vr_payment="milestone",
        qualified_providers="Community support specialists and mental health professionals",
        vr_process="Some offices ask for a time of sobriety; the state team works on that",
    ),
}
ASKED = "Do counselors pay for a second job of the same person?"


@dataclass
class Begun:
    """A plan in the making."""

    land: Land
    crew: Crew
    plan: FundingPlan
    money: Mapping[str, FundingSource]  # by the column it pays for
    elements: dict[Element, PlanElement] = field(default_factory=dict)


def keep(land: Land, crew: Crew) -> None:
    since = max(land.ago(9), land.state.started_on)
    admin = crew.first(Role.STATE_ADMIN).person
    plan = land.rows.add(FundingPlan(state=land.state, begun_by=admin, begun_at=land.at(since, 9)))
    begun = Begun(land, crew, plan, sources.keep(land, crew))
    land.rows.add(
        StatePolicy(
            state=land.state,
            subject=StatePolicy.Subject.FUNDING,
            name=NAME,
            effective_from=since,
            data=as_data(PROFILES[land.world.slug]),
            source="Practice data",
        )
    )
    for element in shipped().elements:
        row = PlanElement(
            state=land.state,
            plan=plan,
            phase=element.phase,
            position=element.key,
            name=element.name,
            without_person=element.without_person,
            starts_up=element.starts_up,
        )
        begun.elements[element] = land.rows.add(row)
    columns = [
        column_of(begun, source, place) for place, source in enumerate(PLANS[land.world.slug], start=1)
    ]
    ask(begun, columns[0], admin)


def column_of(begun: Begun, source: Source, place: int) -> PlanColumn:
    land = begun.land
    member = begun.crew.first(source.keeper or Role.STATE_ADMIN)
    column = land.rows.add(
        PlanColumn(
            state=land.state,
            plan=begun.plan,
            payer=source.payer,
            position=place,
            name=source.name,
            keeper=source.keeper.value if source.keeper else "",
            department=member.department if source.keeper is Role.DEPARTMENT_LIAISON else "",
            body=member.payer if source.keeper is Role.PAYER else None,
            comes_from=begun.money.get(source.name),
        )
    )
    for element, row in begun.elements.items():
        said = source.apart if source.apart and element.without_person else source.says.get(element.phase)
        if said:
            land.rows.add(cell_of(begun, source, member, row, column, said))
    return column


def cell_of(
    begun: Begun, source: Source, member: Membership, row: PlanElement, column: PlanColumn, said: Said
) -> PlanCell:
    land = begun.land
    checked = max(land.ago(source.checked), land.state.started_on)
    return PlanCell(
        state=land.state,
        plan=begun.plan,
        element=row,
        column=column,
        **said,
        checked_on=checked,
        saved_at=land.at(checked, 10),
        saved_by=member.person,
    )


def ask(begun: Begun, column: PlanColumn, by: Any) -> None:
    """A question to whoever keeps the first column."""
    land = begun.land
    element = next(row for row in begun.elements.values() if row.name.startswith("The same for second"))
    land.rows.add(
        CellNote(
            state=land.state,
            plan=begun.plan,
            element=element,
            column=column,
            is_question=True,
            text=ASKED,
            written_at=land.at(max(land.ago(1), land.state.started_on), 11),
            written_by=by,
            form_key=uuid5(NAMESPACE_OID, f"{land.state.slug} funding question"),
        )
    )


def put_forward(rows: Rows) -> None:
    """The first state has put its plan forward, and one department has signed: made of what is stored."""
    plan = rows.of(FundingPlan)[0]
    members = {row.role: row.person for row in reversed(rows.of(Membership)) if row.state == plan.state}
    sheet = read(plan)
    version = PlanVersion.objects.create(
        state=plan.state,
        plan=plan,
        number=1,
        data=to_data(sheet.grid),
        parties=parties_of(sheet),
        note="First version for the departments.",
        made_at=plan.begun_at + timedelta(days=200),
        made_by=members[Role.STATE_ADMIN],
    )
    PlanSignature.objects.create(
        state=plan.state,
        plan=plan,
        version=version,
        desk=Role.VR_LIAISON.value,
        signed_at=version.made_at + timedelta(days=9),
        signed_by=members[Role.VR_LIAISON],
    )

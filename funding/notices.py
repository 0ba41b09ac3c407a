"""Whom this app tells what: a version to sign, a plan that is agreed, a question and its answer, money that ends."""

from collections.abc import Callable, Collection
from datetime import date

from django.db.models import Exists, OuterRef, Q

from agencies import tenancy
from agencies.models import Membership, Person, State
from agencies.permissions import Actor, Place, Resource, Role, may
from agencies.tenancy import TenantQuerySet
from fidelity.lifecycle.months import written
from funding.dashboards.plan import as_column
from funding.dashboards.register import A_YEAR
from funding.dashboards.versions import agreement
from funding.dashboards.waiting import open_questions
from funding.models import CellNote, FundingPlan, FundingSource, PlanColumn, PlanVersion
from funding.models.keeping import KEEPERS
from funding.wording import called
from ips_portal.notices import register
from ips_portal.notices.actions import remind, tell
from ips_portal.notices.mornings import each_morning
from ips_portal.notices.pacing import Pace
from ips_portal.notices.register import Notice, record_in

LEADS = (Role.STATE_ADMIN, Role.STATE_TRAINER)
LADDER = (-365, -90, -30)


def still_to_sign(state: State, key: str, person: Person | None) -> bool:
    """No newer version stands, and the person's own department has not signed meanwhile."""
    version = (
        PlanVersion.objects.in_state(state.pk)
        .filter(pk=int(record_in(key)), plan__closed_at=None)
        .select_related("plan")
        .first()
    )
    if version is None or person is None:
        return False
    told = agreement(version)
    seats = tenancy.actors_of(person.pk, state.pk)
    return told.is_newest and any(actor.desk in told.waiting for actor in seats)


def still_to_answer(state: State, key: str, person: Person | None) -> bool:
    rows = CellNote.objects.in_state(state.pk).filter(pk=int(record_in(key)))
    return bool(open_questions(rows).exists())


def still_ends(state: State, key: str, person: Person | None) -> bool:
    """The money has this last day yet, and it has not passed."""
    _, column, day, _ = key.split(":")
    return bool(ending(state).filter(pk=int(column), ends_on=day).exists())


def source_still_ends(state: State, key: str, person: Person | None) -> bool:
    """It has this last day yet, it has not passed, and it stands in the register or in an open plan."""
    _, source, day, _ = key.split(":")
    return bool(ending_sources(state).filter(pk=int(source), ends_on=day).exists())


TO_SIGN = Notice(
    key="funding-to-sign",
    event="Your turn: a version of a funding plan waits for the signature of your department",
    to_whom="The liaisons of each department the version names",
    subject="Your turn: the funding plan of {where} waits for your signature",
    why="you speak for a department that is asked to sign this plan",
    facts=frozenset({"where", "by"}),
    pace=Pace.AT_ONCE,
    button="Read the version",
    still=still_to_sign,
)
AGREED = Notice(
    key="funding-agreed",
    event="A funding plan is agreed: every department it names has signed the same version",
    to_whom="State admins and trainers",
    subject="The funding plan of {where} is agreed",
    why="you lead the state's program",
    facts=frozenset({"where"}),
    button="See the signatures",
)
ASKED = Notice(
    key="funding-question",
    event="Your turn: a question is asked about a payer you keep in a funding plan",
    to_whom="Who keeps the payer: the liaisons of its department, or the payer's people; state admins where nobody "
    "keeps it. Not who asked",
    subject="Your turn: a question about the funding plan of {where}",
    why="you may answer for this payer",
    facts=frozenset({"where", "by"}),
    pace=Pace.AT_ONCE,
    button="Read the question",
    still=still_to_answer,
)
ANSWERED = Notice(
    key="funding-answered",
    event="A question you asked about a funding plan is answered",
    to_whom="Who asked",
    subject="Your question about the funding plan of {where} is answered",
    why="you asked this question",
    facts=frozenset({"where", "by"}),
    pace=Pace.AT_ONCE,
    button="Read the answer",
)
ENDS = Notice(
    key="funding-ends",
    event="Money of a funding plan ends: a year before, three months before and one month before",
    to_whom="The people who keep its column, and the state's admins",
    subject="Money of the funding plan ends on {due_on}: {about}",
    why="you keep this column of the funding plan, or you lead the program of the state",
    facts=frozenset({"about", "where", "due_on"}),
    button="See what has no other payer",
    still=still_ends,
)
SOURCE_ENDS = Notice(
    key="funding-source-ends",
    event="A funding source of the register ends: a year before, three months before and one month before",
    to_whom="The people who keep it or a column that names it, and the state's admins",
    subject="A funding source ends on {due_on}: {about}",
    why="you keep this funding source or a column of a plan that names it, or you lead the program of the state",
    facts=frozenset({"about", "due_on"}),
    button="See the funding source",
    still=source_still_ends,
)
ALL = (TO_SIGN, AGREED, ASKED, ANSWERED, ENDS, SOURCE_ENDS)


def begin() -> None:
    for notice in ALL:
        register.register(notice)
    each_morning("money that ends", remind_of_ending)


def to_sign(version: PlanVersion) -> int:
    """Once for each person, also where one speaks for two departments; who put it forward is asked like the others."""
    plan = version.plan
    to = keepers(plan, version.parties)
    link = f"{path(plan)}versions/{version.number}/"
    return tell_of(TO_SIGN, plan, str(version.pk), to, link, by=str(version.made_by))


def agreed(version: PlanVersion) -> int:
    plan = version.plan
    to = reading(plan, Q(role__in=LEADS), lambda actor: actor.role in LEADS)
    return tell_of(AGREED, plan, str(version.pk), to, f"{path(plan)}versions/{version.number}/")


def asked(note: CellNote) -> int:
    with tenancy.as_system(note.state_id):
        desk = note.column.desk  # a payer's is named after it, and not everybody who asks sees payers
    to = keepers(note.plan, [desk]) if desk else []
    to = to or reading(note.plan, Q(role=Role.STATE_ADMIN), lambda actor: actor.role is Role.STATE_ADMIN)
    others = [person for person in to if person.pk != note.written_by_id]
    return tell_of(ASKED, note.plan, str(note.pk), others, cell(note), by=str(note.written_by))


def answered(note: CellNote, *, by: Actor) -> int:
    if note.written_by_id == by.person_id:
        return 0
    to = reading(note.plan, Q(person=note.written_by_id), lambda actor: True)
    with tenancy.as_system(note.state_id):
        name = str(Person.objects.get(pk=by.person_id))
    return tell_of(ANSWERED, note.plan, str(note.pk), to, cell(note), by=name)


def remind_of_ending(state: State) -> int:
    """Of funding sources, and of the money of open plans that comes from none; a day that is moved is told anew."""
    columns = ending(state).select_related("plan__agency", "body")
    told = sum(ends(state, column, column.ends_on) for column in columns if column.ends_on)
    sources = ending_sources(state).select_related("body")
    return told + sum(source_ends(state, source, source.ends_on) for source in sources if source.ends_on)


def ends(state: State, column: PlanColumn, day: date) -> int:
    plan = column.plan
    plan.state = state
    to = reading(
        plan,
        Q(role__in=[*KEEPERS, Role.STATE_ADMIN]),
        lambda actor: actor.role is Role.STATE_ADMIN or actor.desk == column.desk,
    )
    return remind(
        ENDS.key,
        state=state,
        to=to,
        record=str(column.pk),
        due_on=day,
        ladder=LADDER,
        today=state.today(),
        link=f"{path(plan)}gaps/",
        facts={
            "about": called(as_column(column)),
            "where": where(plan),
            "due_on": written(day),
        },
    )


def source_ends(state: State, source: FundingSource, day: date) -> int:
    """Once to each person, also where several columns name it."""
    source.state = state
    named = columns_of_open_plans(state).filter(comes_from=source).select_related("body")
    desks = source.desks.union(*(column.desks for column in named))
    to = reading_at(
        state,
        source.place,
        Q(role__in=[*KEEPERS, Role.STATE_ADMIN]),
        lambda actor: actor.role is Role.STATE_ADMIN or actor.desk in desks,
    )
    return remind(
        SOURCE_ENDS.key,
        state=state,
        to=to,
        record=str(source.pk),
        due_on=day,
        ladder=LADDER,
        today=state.today(),
        link=f"/{state.slug}/funding/register/{source.public_id}/",
        facts={"about": source.name, "due_on": written(day)},
    )


def ending(state: State) -> TenantQuerySet:
    """Columns whose money ends within a year from today on, without a funding source that says so."""
    return within_a_year(columns_of_open_plans(state), state)


def ending_sources(state: State) -> TenantQuerySet:
    """Those in the register, and those an open plan names."""
    named = columns_of_open_plans(state).filter(comes_from=OuterRef("pk"))
    rows = FundingSource.objects.in_state(state.pk).filter(Q(removed_at=None) | Exists(named))
    return within_a_year(rows, state)


def columns_of_open_plans(state: State) -> TenantQuerySet:
    rows: TenantQuerySet = PlanColumn.objects.in_state(state.pk).filter(plan__closed_at=None, removed_at=None)
    return rows


def within_a_year(rows: TenantQuerySet, state: State) -> TenantQuerySet:
    today = state.today()
    within: TenantQuerySet = rows.filter(ends_on__range=(today, today + A_YEAR))
    return within


def keepers(plan: FundingPlan, desks: Collection[str]) -> list[Person]:
    return reading(plan, Q(role__in=KEEPERS), lambda actor: actor.desk in desks)


def reading(plan: FundingPlan, rows: Q, fits: Callable[[Actor], bool]) -> list[Person]:
    return reading_at(plan.state, plan.place, rows, fits)


def reading_at(state: State, place: Place, rows: Q, fits: Callable[[Actor], bool]) -> list[Person]:
    """People with an open membership that fits and opens what lies there, so that the link leads somewhere."""
    with tenancy.as_system(state.pk):
        here = Membership.objects.in_state(state.pk).open_on(state.today()).filter(rows)
        people = Person.objects.filter(pk__in=here.values("person")).order_by("pk")
        return [
            person
            for person in people
            if any(
                fits(actor) and may(actor, "view", Resource.FUNDING_PLAN, place)
                for actor in tenancy.actors_of(person.pk, state.pk)
            )
        ]


def where(plan: FundingPlan) -> str:
    with tenancy.as_system(plan.state_id):
        return str(plan.agency or plan.region or plan.state.name)


def path(plan: FundingPlan) -> str:
    return f"/{plan.state.slug}/funding/{plan.public_id}/"


def cell(note: CellNote) -> str:
    return f"{path(note.plan)}{note.element_id}/{note.column_id}/"


def tell_of(notice: Notice, plan: FundingPlan, record: str, to: list[Person], link: str, **facts: str) -> int:
    return tell(
        notice.key,
        state=plan.state,
        to=to,
        key=f"{notice.key}:{record}",
        link=link,
        facts={"where": where(plan), **facts},
    )

"""The two-tenant world of the gates: for every relation to an actor, one row of every kind, each with its own marker.

Seen from the people of North in Meridian there are four relations: the own team (north_one), the sibling team of the
same agency (north_two), another agency (south_one), another state (Bayou). `secret` texts name kind, state and team,
so a leak is found by searching bytes. Built through the real actions wherever they decide something.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import timedelta
from io import BytesIO

from django.db import transaction
from PIL import Image

from agencies import tenancy
from agencies.actions import invitations, states, tokens
from agencies.actions.seats import Seat
from agencies.actions.tokens import Made
from agencies.models import (
    ApiToken,
    Assignment,
    Invitation,
    Membership,
    PayerContract,
    Person,
    StatePolicy,
    TeamPartner,
)
from agencies.permissions import Actor, Role
from fidelity.actions import answering, finishing, reporting, scheduling
from fidelity.actions import rating as rating_actions
from fidelity.actions.rating import RatingValues
from fidelity.in_force import scale_of
from fidelity.models import (
    ActionPlan,
    BankText,
    ItemReport,
    PlanRow,
    Rating,
    Review,
    ReviewImport,
    ScaleVersion,
    ScaleWording,
)
from ips_portal.notices.actions import preferences
from ips_portal.notices.models import Message
from ips_portal.notices.pacing import Chosen
from ips_portal.reports.models import ReportRequest
from outcomes.models import (
    MeetingNote,
    OutcomeImport,
    QuarterlyReport,
    SharingAgreement,
    Strategy,
    SupervisorsMeeting,
)
from tests.architecture import (
    bank,
    between,
    corrections,
    funding,
    meetings,
    moderations,
    papers,
    pasts,
    plans,
    quarters,
    sharing,
)
from tests.cast import STARTED, Cast, StateCast, make_cast, make_person

RELATIONS = {
    "own team": ("meridian", "north_one"),
    "sibling team": ("meridian", "north_two"),
    "other agency": ("meridian", "south_one"),
    "other state": ("bayou", "north_one"),
}
SUPERVISORS = {"north_one": "supervisor", "north_two": "sibling_supervisor", "south_one": "other_supervisor"}
WITH_TOKENS = ("admin", "trainer", "leader", "supervisor")
LEAD, SECOND = "trainer", "reviewer"  # who reviews; SECOND only in north_one


def secret(kind: str, state: str, team: str) -> str:
    """A text that stands nowhere else. Plain letters, so that no escaping hides it."""
    return f"zq{kind}in{state}{team}".replace("_", "")


@dataclass
class Corner:
    """One team with everything about it."""

    cast: StateCast
    key: str
    issued: Review = None  # type: ignore[assignment]  # filled by `build`
    draft: Review = None  # type: ignore[assignment]
    rating: Review = None  # type: ignore[assignment]
    compared: Review | None = None  # of the own team: every sheet is locked, nothing is agreed yet
    plan: ActionPlan = None  # type: ignore[assignment]
    row: PlanRow = None  # type: ignore[assignment]
    papers: dict[str, ReportRequest] = field(default_factory=dict)  # by kind
    invitation: Invitation = None  # type: ignore[assignment]
    contract: PayerContract = None  # type: ignore[assignment]
    token: ApiToken = None  # type: ignore[assignment]
    quarters: dict[str, QuarterlyReport] = field(default_factory=dict)  # by status
    meeting: SupervisorsMeeting = None  # type: ignore[assignment]  # the state's own, with a note of each corner
    note: MeetingNote = None  # type: ignore[assignment]
    strategy: Strategy = None  # type: ignore[assignment]
    upload: OutcomeImport = None  # type: ignore[assignment]
    pasts: dict[str, ReviewImport] = field(default_factory=dict)  # files of past reviews, by status
    agreement: SharingAgreement = None  # type: ignore[assignment]  # the state's own
    text: BankText = None  # type: ignore[assignment]  # the state's own
    funding: "funding.Funded" = None  # type: ignore[assignment]  # the agency's own plan

    @property
    def state(self) -> str:
        return self.cast.state.slug

    @property
    def is_own(self) -> bool:
        return (self.state, self.key) == RELATIONS["own team"]

    @property
    def agency_key(self) -> str:
        return self.key.split("_")[0]

    @property
    def supervisor(self) -> Membership:
        return self.cast.memberships[SUPERVISORS[self.key]]

    def reviews(self) -> dict[str, Review]:
        found = {"issued": self.issued, "draft_report": self.draft, "rating": self.rating}
        return found | ({"consensus": self.compared} if self.compared else {})

    def reviewers(self) -> frozenset[str]:
        """Of the reviews that are rated or compared. All others have one reviewer, the lead."""
        return frozenset({LEAD, SECOND}) if self.key == "north_one" else frozenset({LEAD})

    @property
    def last_planned(self) -> str:
        """The item of the plan's last row, which `a_row_left` takes out."""
        return scale_of(self.issued).codes[-1]

    def secret(self, kind: str) -> str:
        return secret(kind, self.state, self.key)


@dataclass
class World:
    cast: Cast
    corners: dict[str, Corner] = field(default_factory=dict)  # by relation
    deactivated: Person = None  # type: ignore[assignment]
    departed: Person = None  # type: ignore[assignment]
    stranger: Person = None  # type: ignore[assignment]

    secrets: dict[tuple[str, str], str] = field(default_factory=dict)  # of tokens, by persona and scope

    @property
    def own(self) -> Corner:
        return self.corners["own team"]


@transaction.atomic
def build() -> World:
    world = World(make_cast())
    for cast in world.cast.states:
        state_rows(cast)
    for relation, (state, team) in RELATIONS.items():
        corner = Corner(getattr(world.cast, state), team)
        furnish(corner)
        world.corners[relation] = corner
    programs(world)
    outsiders(world)
    return world


def state_rows(cast: StateCast) -> None:
    """Rows that belong to the state itself."""
    with tenancy.entered(cast.actor("admin")) as admin:
        picture = BytesIO()
        Image.new("RGB", (8, 8), "#1a4480").save(picture, "PNG")
        states.change_logo(cast.state, content=picture.getvalue(), by=admin)
        StatePolicy.objects.create(
            state=cast.state,
            subject=StatePolicy.Subject.FIDELITY,
            name=f"{cast.state.name} rules",
            effective_from=STARTED,
        )
        StatePolicy.objects.create(  # a year ago no agency was asked, and no draft read
            state=cast.state,
            subject=StatePolicy.Subject.FIDELITY,
            name=f"{cast.state.name} rules",
            effective_from=cast.state.today() - timedelta(days=200),
            data={"answer_days": 10, "moderation": True},
        )
        between.offer(cast)
        sharing.sign(cast, admin)
        ScaleWording.objects.create(
            state=cast.state,
            scale=ScaleVersion.objects.get(key="ips25-2008"),
            item_code="ST1",
            level=1,
            text=f"{cast.state.name} wording",
        )


def furnish(corner: Corner) -> None:
    today = corner.cast.state.today()
    corner.issued = review_of(corner, 400)
    rate(corner.issued, corner, LEAD, "finalnote")
    finish(corner, corner.issued)
    report(corner, corner.issued, "final")
    plans.issue(corner)
    corrections.correct(corner)
    plans.decision(corner)
    corner.draft = review_of(corner, 90)
    rate(corner.draft, corner, LEAD, "draftreport")
    finish(corner, corner.draft)
    report(corner, corner.draft, "draftreport")
    moderations.read(corner)
    bank.keep(corner)
    funding.keep(corner)
    ask_agency(corner)
    corner.rating = review_of(corner, 0, others=[SECOND] if SECOND in corner.reviewers() else [])
    for persona in sorted(corner.reviewers()):
        rate(corner.rating, corner, persona, f"sheet{persona}", items=8)
    if corner.is_own:
        corner.compared = review_of(corner, 40, others=[SECOND])
        for persona in (LEAD, SECOND):
            rate(corner.compared, corner, persona, "compared")
            finish(corner, corner.compared, persona)
    with tenancy.as_system(corner.cast.state.pk):
        plans.fill(corner)
        Message.objects.create(
            state=corner.cast.state,
            notice="report-ready",
            key=corner.secret("key"),
            person=corner.supervisor.person,
            address=corner.supervisor.person.email,
            subject=corner.secret("message"),
            body=corner.secret("message"),
        )
        corner.contract = PayerContract.objects.create(
            state=corner.cast.state,
            payer=corner.cast.payer,
            agency=corner.cast.agencies[corner.agency_key],
            starts_on=STARTED,
            ends_on=STARTED + timedelta(days=30),
        )
        Assignment.objects.create(
            state=corner.cast.state,
            membership=corner.cast.memberships["department_liaison"],
            person=corner.cast.people["department_liaison"],
            team=corner.cast.teams[corner.key],
            purpose=Assignment.Purpose.THIRD_PARTY,
            starts_on=STARTED,
            ends_on=today - timedelta(days=1),  # over: must open nothing
        )
        closed = corner.cast.teams["south_two"]
        if not TeamPartner.objects.filter(team=closed).exists():
            TeamPartner.objects.create(
                state=corner.cast.state, team=closed, agency=corner.cast.agencies["south"]
            )
    plans.say(corner, by=LEAD)
    with tenancy.entered(corner.cast.actor(SUPERVISORS[corner.key])) as supervisor:
        preferences.choose(corner.cast.state, pace=Chosen.DAILY, by=supervisor)
    corner.quarters = quarters.reports(corner, SUPERVISORS[corner.key])
    quarters.of_the_agency(corner, SUPERVISORS[corner.key])
    meetings.furnish(corner, SUPERVISORS[corner.key])
    between.keep(corner, SUPERVISORS[corner.key])
    corner.upload = quarters.upload(corner, SUPERVISORS[corner.key])
    corner.pasts = pasts.files(corner)
    corner.agreement = sharing.signed(corner)
    with tenancy.as_system(corner.cast.state.pk):
        papers.keep(corner)
    corner.token = token(corner.cast, SUPERVISORS[corner.key], "write", corner.secret("token")).token
    with tenancy.entered(corner.cast.actor("admin")) as admin:
        corner.invitation = invitations.invite(
            corner.cast.state,
            email=f"{corner.secret('invited')}@example.org",
            name=corner.secret("invited"),
            seat=Seat(
                Role.SPECIALIST,
                corner.cast.agencies[corner.agency_key],
                (corner.cast.teams[corner.key],),
            ),
            by=admin,
        )


def review_of(corner: Corner, days_ago: int, others: list[str] | None = None) -> Review:
    first = corner.cast.state.today() - timedelta(days=days_ago)
    with tenancy.entered(corner.cast.actor(LEAD)) as lead:
        return scheduling.schedule(
            corner.cast.teams[corner.key],
            kind=Review.Kind.EXTERNAL,
            mode=Review.Mode.ONSITE,
            starts_on=first,
            ends_on=first + timedelta(days=1),
            lead=corner.cast.memberships[LEAD],
            others=[corner.cast.memberships[other] for other in others or []],
            by=lead,
        )


def rate(review: Review, corner: Corner, persona: str, kind: str, items: int = 25) -> None:
    """One item through the action, which begins the sheet; the others in one statement."""
    with tenancy.entered(corner.cast.actor(persona)) as by:
        first, *rest = scale_of(review).codes[:items]
        note = corner.secret(kind)
        rating_actions.save_rating(
            review, item_code=first, values=RatingValues(3, note, ("INT",)), version=0, by=by
        )
        rate_in_one_go(review, by, rest, note)
        review.refresh_from_db()


def rate_in_one_go(review: Review, by: Actor, codes: Iterable[str], note: str) -> None:
    sheet = rating_actions.own_sheet(review, by)
    Rating.objects.bulk_create(
        Rating(state_id=review.state_id, reviewer=sheet, item_code=code, score=3, note=note, version=1)
        for code in codes
    )


def finish(corner: Corner, review: Review, persona: str = LEAD) -> None:
    with tenancy.entered(corner.cast.actor(persona)) as by:
        finishing.finish(review, by=by)


def report(corner: Corner, review: Review, kind: str) -> None:
    text = corner.secret(kind)
    with tenancy.entered(corner.cast.actor(LEAD)) as lead:
        reporting.save_report(
            review,
            method=text,
            overview=text,
            strengths=text,
            next_steps=text,
            items={
                row.item_code: reporting.ItemText(text, text, row.is_priority)
                for row in ItemReport.objects.filter(review=review)
            },
            version=review.text.version,
            by=lead,
        )


def ask_agency(corner: Corner) -> None:
    """The draft is with the agency, which has said something already."""
    with tenancy.entered(corner.cast.actor(LEAD)) as lead:
        reporting.hand_over(corner.draft, by=lead)
    with tenancy.entered(corner.cast.actor(SUPERVISORS[corner.key])) as supervisor:
        text = corner.secret("comment")
        said = {"ST1": answering.Comment(text, text)}
        answering.comment(corner.draft, items=said, closes=False, by=supervisor)


def token(cast: StateCast, persona: str, scope: str, name: str) -> Made:
    with tenancy.entered(cast.actor(persona)) as by:
        until = cast.state.today() + timedelta(days=30)
        return tokens.make(cast.state, name=name, scope=scope, expires_on=until, by=by)


def programs(world: World) -> None:
    """A token of each scope for those who may have one."""
    for persona in WITH_TOKENS:
        for scope in ("read", "write"):
            made = token(world.cast.meridian, persona, scope, f"{persona} {scope}")
            world.secrets[persona, scope] = made.secret


def outsiders(world: World) -> None:
    """Three people who must find every door shut: deactivated, departed yesterday, and nobody's member."""
    cast = world.cast.meridian
    world.deactivated = make_person("Deactivated Admin", "deactivated@meridian.example")
    world.departed = make_person("Departed Admin", "departed@meridian.example")
    world.stranger = make_person("Stranger", "stranger@nowhere.example")
    yesterday = cast.state.today() - timedelta(days=1)
    with tenancy.as_system(cast.state.pk):
        for person, ended in ((world.deactivated, None), (world.departed, yesterday)):
            Membership.objects.create(
                state=cast.state,
                person=person,
                role=Role.STATE_ADMIN,
                started_on=STARTED,
                ended_on=ended,
            )
    Person.objects.filter(pk=world.deactivated.pk).update(is_active=False)

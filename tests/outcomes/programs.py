"""Programs of three agencies that report, publish, and share in full under a signed agreement."""

from datetime import date, timedelta

from agencies import tenancy
from agencies.models import Agency, Membership, Team
from agencies.permissions import Actor, Role
from ips_portal.quarters import Quarter
from outcomes.actions import publication, sharing
from outcomes.models import AgreementAnswer, Publication, QuarterlyReport, SharingAgreement
from tests.cast import STARTED, StateCast, make_person, make_state
from tests.outcomes import quarters

PAPER = b"%PDF-1.7\n1 0 obj << >> endobj\ntrailer << >>\n%%EOF\n"
SERVED = {"north_one": 40, "north_two": 31, "south_one": 52, "south_two": 38, "east_one": 44}
EMPLOYED = {
    "north_one": 18,
    "north_two": 17,
    "south_one": 23,
    "south_two": 16,
    "east_one": 7,
}  # east's is small
LEADERS = {"north": "leader", "south": "other_leader", "east": "east_leader"}
FINAL = timedelta(days=46)


def three_agencies(**employed: int) -> StateCast:
    """North and South with two teams each, East with one; the last quarter of each is accepted."""
    found = make_state("Meridian")
    with tenancy.as_system(found.state.pk):
        found.agencies["east"] = Agency.objects.create(
            state=found.state, slug="east-center", name="East Center"
        )
        found.teams["east_one"] = Team.objects.create(
            state=found.state,
            agency=found.agencies["east"],
            slug="east-one",
            name="East Team",
            stage=Team.Stage.IMPLEMENTING,
            implementation_started_on=STARTED,
        )
        person = make_person("East Leader", "east_leader@meridian.example")
        found.people["east_leader"] = person
        found.memberships["east_leader"] = Membership.objects.create(
            state=found.state,
            person=person,
            role=Role.AGENCY_LEADER,
            agency=found.agencies["east"],
            started_on=STARTED,
        )
    for team in SERVED:
        accepted(found, team, **({"employed": employed[team]} if team in employed else {}))
    return found


def accepted(cast: StateCast, team: str, quarter: Quarter | None = None, **values: int) -> QuarterlyReport:
    report = quarters.expected(cast, team, quarter)
    given = {
        "served": SERVED[team],
        "employed": EMPLOYED[team],
        "job_starts": 12,
        "new_enrollees": 3,
        **values,
    }
    leader = LEADERS[team.partition("_")[0]]
    quarters.enter(cast, report, leader, **given)
    return quarters.accept(cast, quarters.submit(cast, report, leader))


def signed(cast: StateCast) -> SharingAgreement:
    """It came before the last quarter had opened, as seen from here: what it holds for is set back."""
    today = cast.state.today()
    with cast.entered("admin") as by:
        made = sharing.record(
            cast.state,
            title="Sharing among programs",
            signed_on=today,
            starts_on=today,
            ends_on=today + timedelta(days=365),
            paper=PAPER,
            by=by,
        )
    with tenancy.as_system(cast.state.pk):
        SharingAgreement.objects.filter(pk=made.pk).update(from_quarter=quarters.last_quarter(cast))
        made.refresh_from_db()
    return made


def given(cast: StateCast, agency: str) -> AgreementAnswer:
    with tenancy.as_system(cast.state.pk):
        return AgreementAnswer.objects.get(agency=cast.agencies[agency])


def says(cast: StateCast, agency: str, by: Actor, *, accepts: bool = True) -> None:
    """To the agreement and the answer that stand."""
    found = given(cast, agency)
    sharing.answer(found, accepts=accepts, agreement=found.agreement_id, seen=found.status, by=by)


def answers(cast: StateCast, *agencies: str, accepts: bool = True) -> None:
    for agency in agencies:
        with cast.entered(LEADERS[agency]) as by:
            says(cast, agency, by, accepts=accepts)


def final_day(cast: StateCast) -> date:
    return quarters.last_quarter(cast).ends_on + FINAL


def published(cast: StateCast) -> list[Publication]:
    made, day = [], max(final_day(cast), cast.state.today())
    while told := publication.publish_next(cast.state, day):
        made.append(told)
    return made

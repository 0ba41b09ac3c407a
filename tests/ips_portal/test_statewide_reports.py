"""A paper about a whole state has no team: those who lead the state have it, and nobody else finds it."""

from datetime import date
from uuid import uuid4

import pytest
from django.db import IntegrityError, connection, transaction
from django.urls import reverse

from agencies import tenancy
from agencies.models import StatePolicy
from agencies.refusals import NotPermitted
from ips_portal.notices.models import Message
from ips_portal.reports import actions, making
from ips_portal.reports.models import Download, ReportRequest, StoredFile
from tests.cast import Cast, StateCast, make_cast, refused
from tests.ips_portal import paper_kinds

pytestmark = pytest.mark.django_db
KIND = "statewide"
LEADS = ("admin", "trainer", "vr_liaison", "mh_liaison", "department_liaison")
OTHERS = ("leader", "other_leader", "supervisor", "specialist", "payer", "reviewer", "stakeholder")


@pytest.fixture
def cast() -> Cast:
    assert paper_kinds.letter
    return make_cast()


@pytest.fixture
def policy(cast: Cast) -> StatePolicy:
    return policy_of(cast.meridian)


@pytest.fixture
def report(cast: Cast, policy: StatePolicy) -> ReportRequest:
    return made(asked(cast.meridian, policy))


def policy_of(state: StateCast) -> StatePolicy:
    with tenancy.as_system(state.state.pk):
        return StatePolicy.objects.create(
            state=state.state, subject="outcomes", name="Rules", effective_from=date(2020, 1, 6)
        )


def asked(state: StateCast, policy: StatePolicy, persona: str = "trainer") -> ReportRequest:
    with state.entered(persona) as by:
        return actions.request_report(KIND, policy, by=by)


def made(report: ReportRequest) -> ReportRequest:
    making.make([report.state_id, report.membership_id], report.pk)
    with tenancy.as_system(report.state_id):
        return ReportRequest.objects.select_related("file", "team", "state").get(pk=report.pk)


def page(report: ReportRequest, name: str = "report-page", state: str = "meridian") -> str:
    return reverse(f"reports:{name}", args=[state, report.public_id])


@pytest.mark.parametrize("persona", LEADS)
def test_whoever_leads_the_state_finds_and_takes_it(cast: Cast, report: ReportRequest, persona: str) -> None:
    client = cast.meridian.seen_by(persona)
    assert report.team_id is None
    assert report.title in client.get(reverse("reports:report-list", args=["meridian"])).content.decode()
    assert "<dt>State</dt><dd>Meridian</dd>" in client.get(page(report)).content.decode()
    taken = client.get(page(report, "report-download"))
    assert taken.content.startswith(b"%PDF-1.7 Rules")
    with tenancy.as_system(report.state_id):
        assert Download.objects.get().team_id is None


@pytest.mark.parametrize("name", ["report-page", "report-download", "report-again"])
@pytest.mark.parametrize("persona", OTHERS)
def test_for_everybody_else_it_is_not_there(
    cast: Cast, report: ReportRequest, persona: str, name: str
) -> None:
    client = cast.meridian.seen_by(persona)
    random = page(report, name).replace(str(report.public_id), str(uuid4()))
    ask = client.post if name == "report-again" else client.get
    answers = [ask(address) for address in (page(report, name), random)]
    assert answers[0].status_code == answers[1].status_code
    assert answers[0].status_code == 404 or (persona, name) in NO_DOOR
    listed = client.get(reverse("reports:report-list", args=["meridian"]))
    assert report.title not in listed.content.decode()


NO_DOOR = {  # the role may not do such a thing with any paper, so its answer is 403 whatever the id
    *((persona, "report-again") for persona in ("specialist", "payer", "reviewer", "stakeholder")),
    ("stakeholder", "report-download"),
}


@pytest.mark.parametrize("persona", OTHERS)
def test_the_database_hides_it_by_itself(cast: Cast, report: ReportRequest, persona: str) -> None:
    with cast.meridian.entered("admin") as admin:
        actions.take(report, by=admin)
    with cast.meridian.entered(persona) as actor:
        assert not ReportRequest.objects.exists()
        assert not StoredFile.objects.exists()
        assert not Download.objects.exists()
        assert not ReportRequest.objects.visible_to(actor).exists()


@pytest.mark.parametrize("persona", ["leader", "supervisor", "payer", "reviewer"])
def test_nobody_else_asks_for_it_or_writes_its_row(cast: Cast, policy: StatePolicy, persona: str) -> None:
    with cast.meridian.entered(persona) as actor:
        with refused(NotPermitted):
            actions.request_report(KIND, policy, by=actor)
        with pytest.raises(Exception, match="row-level security"), transaction.atomic():
            StoredFile.objects.create(state=cast.meridian.state, sha256="0" * 64, size=1, content_type="x/y")


def test_another_state_does_not_find_it(cast: Cast, report: ReportRequest) -> None:
    assert cast.bayou.seen_by("admin").get(page(report, state="bayou")).status_code == 404


def test_it_is_stored_once_and_told_by_the_states_name(
    cast: Cast, policy: StatePolicy, report: ReportRequest
) -> None:
    assert asked(cast.meridian, policy, "admin").pk == report.pk
    with tenancy.as_system(report.state_id):
        assert Message.objects.get(notice="report-ready").subject.endswith("is ready: Meridian")
        file = StoredFile.objects.get()
        with pytest.raises(IntegrityError), transaction.atomic():
            StoredFile.objects.create(
                state_id=file.state_id, sha256=file.sha256, size=1, content_type=file.content_type
            )


def test_it_cannot_name_a_file_of_another_state(cast: Cast, report: ReportRequest) -> None:
    foreign = made(asked(cast.bayou, policy_of(cast.bayou)))
    with tenancy.as_system(report.state_id):
        with pytest.raises(IntegrityError, match="within_state"), transaction.atomic():
            ReportRequest.objects.filter(pk=report.pk).update(file=foreign.file_id)
            with connection.cursor() as cursor:
                cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")

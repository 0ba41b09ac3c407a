"""T2, T6: what a form does not offer it does not take: foreign ids, unknown ids, undeclared fields, values sent twice.

Every writable route is reached through the form a person sees, so that the same submission passes untouched and is
refused with one thing changed. A route without a form on any page has its body in BODIES, or the gate fails.
"""

import json
import re
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import timedelta
from io import BytesIO
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from PIL import Image

from agencies import tenancy
from agencies.models import Agency, PayerContract, StatePolicy, Team
from fidelity.actions import answering
from fidelity.in_force import scale_of
from fidelity.models import ActionPlan, PlanRow
from ips_portal.practice.visitor import Form, FormReader
from ips_portal.reports.models import ReportRequest
from tests.architecture import bank, corrections, funding, moderations, oracle, pasts, quarters, routes
from tests.architecture.bodies import RATED
from tests.architecture.oracle import PEOPLE
from tests.architecture.routes import Address, Route
from tests.architecture.visits import Answer, Visits
from tests.architecture.world import LEAD, SUPERVISORS, World, rate_in_one_go
from tests.fidelity.past import csv_of as past_csv
from tests.fidelity.test_scales_written import SMALL
from tests.outcomes.files import csv_of
from tests.outcomes.programs import PAPER

WRITABLE = [  # pages; the bodies of the API: test_api_bodies.py
    route.name
    for route in routes.tenant_routes()
    if route.door and not route.is_api and set(route.door.actions) & {"POST", "PUT", "PATCH", "DELETE"}
]
AUTHORS = ("admin", "trainer", "second_trainer", "leader", "supervisor", "reviewer", "vr_liaison")
UNDECLARED = (
    "id",
    "state_id",
    "state",
    "status",
    "version",
    "accepted_by",
    "team_id",
    "person_id",
    "is_staff",
)
UNKNOWN = ("999999999", "-1", "1 OR 1=1", "9" * 40)


@dataclass
class Submission:
    """What a person sends, and what of it is chosen from a list."""

    path: str
    author: str
    fields: dict[str, Any]
    choices: dict[str, dict[str, str]] = field(default_factory=dict)
    body: dict[str, Any] | None = None  # JSON instead of a form


def agreement(world: World) -> SimpleUploadedFile:
    return SimpleUploadedFile("agreement.pdf", PAPER, "application/pdf")


def picture(world: World) -> SimpleUploadedFile:
    drawn = BytesIO()
    Image.new("RGB", (12, 12), "#005ea2").save(drawn, "PNG")
    return SimpleUploadedFile("logo.png", drawn.getvalue(), "image/png")


def spreadsheet(world: World) -> SimpleUploadedFile:
    text = csv_of(*quarters.table(world.own, served=42))
    return SimpleUploadedFile("quarters.csv", text.encode(), "text/csv")


def past_reviews(world: World) -> SimpleUploadedFile:
    content = past_csv(*pasts.table(world.own, "3/14/2022"))
    return SimpleUploadedFile("past.csv", content, "text/csv")


def day(days: int) -> Callable[[World], str]:
    def said(world: World) -> str:
        date = world.cast.meridian.state.today() + timedelta(days=days)
        return f"{date.month}/{date.day}/{date.year}"

    return said


SHEET = 60  # fields: a page of 25 items, whose choices are codes and scores, never records
ANY = "the first one on offer"
# What a person would type where a page leaves a field empty. Everything else is sent as the page shows it.
TYPED: dict[str, dict[str, Any]] = {
    "agencies:agency-new": {"name": "A new center"},
    "agencies:agency-close": {"with_teams": "on"},
    "agencies:person-invite": {"name": "Newcomer", "email": "newcomer@example.org", "role": "ST"},
    "agencies:team-new": {"name": "A new team"},
    "agencies:state-logo": {"logo": picture},
    "agencies:token-new": {"name": "Nightly export"},
    "agencies:population-list": {"name": "Veterans"},
    "agencies:contract-new": {"agency": lambda world: str(world.cast.meridian.agencies["south"].pk)},
    "agencies:payer-new": {"name": "A new plan"},
    "fidelity:plan-add": {"item_code": ANY},
    "fidelity:plan-say": {"text": "We met an employer."},
    "fidelity:plan-answer": {"answer": ANY},
    "fidelity:visit-pdf": {"kind": "score-sheets"},
    "outcomes:need-edit": {"eligible": "90000", "as_of": "1/2/2020", "source": "Estimated by the gate."},
    "outcomes:policy-edit": {"source": "Decided by the gate."},
    "fidelity:policy-edit": {"source": "Decided by the gate."},
    "fidelity:correction-new": {"items": ANY},
    "fidelity:moderation-read": {"then": "agree"},
    "fidelity:reviewer-register": {"person": ANY, "kind": ANY, "held_on": day(0), "words": "A course."},
    "fidelity:scale-list": {"text": SMALL},
    "fidelity:text-new": bank.TYPED,
    "fidelity:import-new": {"file": past_reviews},
    "fidelity:import-page": {"choice": "good"},
    **funding.TYPED,
    "fidelity:decision-new": {"kind": ANY, "until": day(40)},
    "outcomes:meeting-notes": {"text": "We talked of employers."},
    "outcomes:meeting-sheets": {"text": "We visit employers.", "team": ANY, "measure": ANY},
    "outcomes:strategy-list": {"text": "We visit employers.", "measure": ANY},
    "outcomes:import-new": {"file": spreadsheet},
    "outcomes:sharing-new": {
        "title": "The next agreement",
        "signed_on": day(0),
        "starts_on": day(400),
        "ends_on": day(700),
        "paper": agreement,
    },
    "outcomes:import-page": {"choice": "good"},
    "outcomes:report-return": {"whole": "Please look again."},
    "fidelity:review-new": {"starts_on": day(30), "ends_on": day(31)},
}
TYPED_ANYWHERE = {"reason": "Because the gate asks."}
# What a script sends, whose address no form names.
SENT: dict[str, dict[str, Any]] = {"outcomes:figures-save": {"value-served": "41", "was-served": "40"}}
# A button on a page that is not above its address.
ASIDE: dict[str, Callable[[World], str]] = {
    "funding:note-answer": funding.cell_of,
    "outcomes:state-pdf": lambda world: (
        f"/meridian/outcomes/comparison/?quarter={world.own.quarters['accepted'].quarter.slug}"
    ),
}
BODIES: dict[str, dict[str, Any]] = {"fidelity:rating-save": RATED}


def closed(model: type[Team] | type[Agency], key: str) -> Callable[[World], None]:
    def prepare(world: World) -> None:
        cast = world.cast.meridian
        with tenancy.as_system(cast.state.pk):
            model.objects.filter(slug=key).update(ended_on=cast.state.today())

    return prepare


def failed(world: World) -> None:
    with tenancy.as_system(world.cast.meridian.state.pk):
        ReportRequest.objects.update(status=ReportRequest.Status.FAILED, failure="Planted.", file=None)


def a_row_left(world: World) -> None:
    with tenancy.as_system(world.own.cast.state.pk):
        PlanRow.objects.filter(plan=world.own.plan).last().delete()  # type: ignore[union-attr]  # 25 rows


def plan_in_use(sign_off: str) -> Callable[[World], None]:
    """In a state whose own office approves plans."""

    def prepare(world: World) -> None:
        state = world.cast.meridian.state
        with tenancy.as_system(state.pk):
            ActionPlan.objects.filter(pk=world.own.plan.pk).update(status="active", sign_off=sign_off)
            policies = StatePolicy.objects.in_state(state.pk).filter(subject=StatePolicy.Subject.FIDELITY)
            policies.update(data={"action_plan": {"approver": "State office"}})

    return prepare


def whole_sheet(world: World) -> None:
    corner = world.own
    with tenancy.entered(corner.cast.actor(LEAD)) as lead:
        rate_in_one_go(corner.rating, lead, scale_of(corner.rating).codes[8:], "Seen.")


def lasting_contract(world: World) -> None:
    with tenancy.as_system(world.own.cast.state.pk):
        PayerContract.objects.filter(pk=world.own.contract.pk).update(ends_on=None)


def done_commenting(world: World) -> None:
    with world.own.cast.entered(SUPERVISORS[world.own.key]) as by:
        answering.comment(world.own.draft, items={}, closes=True, by=by)


def heard(world: World) -> None:
    done_commenting(world)
    with world.own.cast.entered(LEAD) as by:
        reply = answering.Reply("unchanged", "As it was seen.", 1)
        answering.answer(world.own.draft, items={"ST1": reply}, by=by)


# What the world must be like for the deed to be possible at all.
BEFORE: dict[str, Callable[[World], None]] = {
    "agencies:team-reopen": closed(Team, "north-one"),
    "agencies:agency-reopen": closed(Agency, "north-center"),
    "agencies:contract-end": lasting_contract,
    "reports:report-again": failed,
    "fidelity:plan-add": a_row_left,
    "fidelity:plan-sign": plan_in_use(ActionPlan.SignOff.UNSIGNED),
    "fidelity:plan-answer": plan_in_use(ActionPlan.SignOff.SIGNED),
    "fidelity:review-check": whole_sheet,
    "fidelity:review-issue": heard,
    "fidelity:moderation": moderations.changed,
    "fidelity:moderation-read": moderations.waiting,
    "fidelity:text-restore": bank.retired,
    "funding:version-list": funding.changed,
    "fidelity:correction": corrections.opened,
    "fidelity:correction-abandon": corrections.opened,
    "fidelity:correction-issue": corrections.handed_over,
    "fidelity-api:correction-hand-over": corrections.written,
    "fidelity-api:answer": done_commenting,
}
# A form that asks in two steps shows its second one here.
STEPS = {"fidelity:review-new": "?team=north-one&kind=external"}


def read(answer: Answer) -> list[Form]:
    reader = FormReader()
    reader.feed(answer.body.decode("utf-8", "replace"))
    return [form for form in reader.forms if form.method == "post"]


class Desk:
    """Finds, for each writable route, a person, an address and a submission that is taken."""

    def __init__(self, visits: Visits) -> None:
        self.visits = visits

    def submission(self, route: Route) -> Submission:
        tried = []
        for persona, address in self.candidates(route):
            found = self.filled(route, persona, address)
            if found is None:
                tried.append(f"{persona} sees no form for {address.path}")
                continue
            status = self.send(found).status
            if status < 400:
                return found
            tried.append(f"{persona} {address.path}: {status}")
        raise AssertionError(
            f"{route.name}: no submission is taken, so nothing can be said about refusing one. Put what a person "
            "types into TYPED, a JSON body into BODIES, or what must be so before into BEFORE.\n"
            + "\n".join(tried)
        )

    def candidates(self, route: Route) -> list[tuple[str, Address]]:
        method = next(each for each in ("POST", "PUT", "PATCH", "DELETE") if each in route.door.actions)
        action, resource = route.door.actions[method], route.door.resource.value
        return [
            (persona, address)
            for address in routes.addresses(route, self.visits.world.own, "own team")
            for persona in AUTHORS
            if oracle.expected(PEOPLE[persona], action, resource, address.where, of_record=address.of_record)
            == "passes"
        ]

    def filled(self, route: Route, persona: str, address: Address) -> Submission | None:
        if body := BODIES.get(route.name):
            return Submission(address.path, persona, {}, body=body)
        if fields := SENT.get(route.name):
            return Submission(address.path, persona, fields)
        step = STEPS.get(route.name, "")
        form = self.form(persona, address, step)
        if form is None:
            return None
        typed = {name: text for name, text in TYPED_ANYWHERE.items() if name in form.fields}
        for name, value in TYPED.get(route.name, {}).items():
            typed[name] = value(self.visits.world) if callable(value) else value
            if value is ANY:
                typed[name] = next(filter(None, form.choices[name]))
        fields = {
            name: values for name, values in form.fields.items() if values and name != "csrfmiddlewaretoken"
        }
        return Submission(address.path + step, persona, fields | typed, form.choices)

    def form(self, persona: str, address: Address, step: str) -> Form | None:
        if "GET" in address.route.door.actions:
            for form in read(self.visits.ask(persona, "GET", address.path + step)):
                if form.action.split("?")[0] in ("", address.path):
                    return form
        aside = ASIDE.get(address.route.name)
        for place in [*self.above(address), *([aside(self.visits.world)] if aside else [])]:
            for form in read(self.visits.ask(persona, "GET", place)):
                if form.action.split("?")[0] == address.path:
                    return form
        return None

    def above(self, address: Address) -> list[str]:
        """Pages on which the button for another address may stand, nearest first."""
        found = {
            page.path
            for route in routes.tenant_routes()
            if route.door and "GET" in route.door.actions and set(route.about) <= set(address.route.about)
            for page in routes.addresses(route, self.visits.world.own, "own team")
            if address.path.startswith(page.path) and page.path != address.path
        }
        return sorted(found, key=len, reverse=True)

    def send(self, given: Submission, *, watched: bool = False) -> Answer:
        if given.body is not None:
            return self.visits.ask(given.author, "PUT", given.path, json.dumps(given.body), watched=watched)
        return self.visits.ask(given.author, "POST", given.path, given.fields, watched=watched)


def kind_of(name: str) -> str:
    """The fields of 25 items are one kind, and those of the rows of a table."""
    return re.sub(r"\b(?:[A-Z]{2})?\d+\b", "ITEM", name)


def one_of_each(names: Iterable[str]) -> list[str]:
    return list({kind_of(name): name for name in reversed(list(names))}.values())


def foreign(world: World) -> list[str]:
    """Ids and slugs of rows that neither author may name: of the other state, and of the other agency."""
    away, other = world.corners["other state"], world.corners["other agency"]
    found = []
    for corner in (away, other):
        cast = corner.cast
        rows = (cast.agencies[corner.agency_key], cast.teams[corner.key], corner.supervisor)
        found += [str(row.pk) for row in (*rows, cast.populations[0], cast.payer) if row]
    return [*dict.fromkeys(found), str(away.issued.public_id), other.cast.agencies["south"].slug]


def changed_once(given: Submission, world: World) -> Iterator[tuple[str, Submission]]:
    """The submission with one thing in it that no page offers."""
    if given.body is not None:
        for name in set(UNDECLARED) - set(given.body):
            yield f"undeclared {name}", replace(given, body=given.body | {name: 1})
        for name in given.body:
            left = {key: value for key, value in given.body.items() if key != name}
            yield f"{name} left out", replace(given, body=left)
            yield f"{name} as an object", replace(given, body=given.body | {name: {"id": 1}})
        return
    for name in sorted(set(UNDECLARED) - set(given.fields)):
        yield f"undeclared {name}", replace(given, fields=given.fields | {name: "1"})
    for name in one_of_each(given.fields):
        if name not in given.choices and not hasattr(given.fields[name], "read"):
            first = [given.fields[name]] if isinstance(given.fields[name], str) else given.fields[name]
            yield f"{name} twice", replace(given, fields=given.fields | {name: [first[0], f"{first[0]}1"]})
    for name in one_of_each(given.choices):
        offered = set(given.choices[name])
        if offered <= {"on", "true"}:
            continue  # a box that is ticked or not
        ids = any(value.isdigit() or "-" in value for value in offered) and len(given.fields) < SHEET
        strangers = foreign(world)
        for value in (*strangers, *UNKNOWN) if ids else (strangers[0], *UNKNOWN[:2]):
            if value not in offered:
                yield f"{name}={value}", replace(given, fields=given.fields | {name: [value]})


@pytest.fixture(scope="module")
def desk(visits: Visits) -> Desk:
    return Desk(visits)


@pytest.mark.parametrize("name", WRITABLE)
def test_a_route_takes_only_what_its_page_offers(counted: Visits, desk: Desk, name: str) -> None:
    route = next(route for route in routes.tenant_routes() if route.name == name)
    with prepared(counted, name):
        given = desk.submission(route)
        faults = []
        for what, changed in changed_once(given, counted.world):
            answer = desk.send(changed, watched=True)
            if not 400 <= answer.status < 500 or answer.wrote:
                faults.append(
                    f"{given.author} {given.path} with {what}: {answer.status}, wrote {answer.wrote}"
                )
    assert not faults, "\n".join([f"{len(faults)} submissions were taken", *faults[:40]])


@contextmanager
def prepared(visits: Visits, name: str) -> Iterator[None]:
    with transaction.atomic():
        BEFORE.get(name, lambda world: None)(visits.world)
        visits.baseline = None
        yield
        visits.baseline = None
        transaction.set_rollback(True)

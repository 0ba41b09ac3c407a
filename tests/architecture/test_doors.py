"""T1: every route x method x person x relation answers as the permission table says, and shows no foreign byte."""

import re
from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass

import pytest
from django.db import transaction

from agencies import tenancy
from agencies.models import Membership
from tests.architecture import oracle, routes
from tests.architecture.corrections import OF_CORRECTIONS, OF_EDITIONS
from tests.architecture.drafts import drafts, handed_over, never_who_led, never_who_led_or_read
from tests.architecture.moderations import OF_MODERATION, OF_MODERATORS
from tests.architecture.oracle import PEOPLE, Who
from tests.architecture.papers import OF_VISITS
from tests.architecture.routes import Address, Route
from tests.architecture.visits import DRAFT, SHUT_OUT, UNSIGNED, Visits
from tests.architecture.world import RELATIONS

METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE")
TENANT = {route.name: route for route in routes.tenant_routes()}
PAPERS = {  # what a paper is about must be open to the person as well: (resource, right) beside the file's own
    **dict.fromkeys(("fidelity-report", "fidelity-superseded"), ("Fidelity review: final report", "export")),
    "fidelity-draft": (DRAFT, "view"),
    "fidelity-handed-over": (DRAFT, "view"),
    **dict.fromkeys(OF_VISITS, (DRAFT, "view")),
    "action-plan": ("Action plan and items", "export"),
    "team-quarter": ("Quarterly outcome: accepted", "export"),
    "standing-letter": ("Lifecycle decision and standing", "export"),
    "state-quarter": ("Quarterly outcome: accepted", "export"),
    "quarter-brief": ("Quarterly outcome: accepted", "export"),
    "meeting-pack": ("Quarterly outcome: accepted", "export"),
}


@dataclass(frozen=True)
class Refinement:
    """Where a page rightly answers otherwise than the bare table: what it says instead, or nothing, and why."""

    reason: str
    says: Callable[[Who, Address, str], str | None]


def paper(who: Who, address: Address, method: str) -> str | None:
    """A file is open to those who may see what it was made of."""
    resource, right = PAPERS[address.variant]
    sees = oracle.may(who, "view", resource, address.where)
    hides = handed_over if address.variant == "fidelity-handed-over" else drafts
    if not sees or (resource == DRAFT and hides(who, address, method)):
        return "hidden"
    deed = address.route.door.actions[method] != "view"
    return "refused" if deed and not oracle.may(who, right, resource, address.where) else None


def unless_names(who: Who, address: Address, method: str) -> str | None:
    return "refused" if oracle.scope(who, "view", address.route.door.resource.value) == "n" else None


def unless_names_edited(who: Who, address: Address, method: str) -> str | None:
    action = address.route.door.actions[method]
    return "refused" if oracle.scope(who, action, address.route.door.resource.value) == "n" else None


def paper_of_draft(who: Who, address: Address, method: str) -> str | None:
    """A supervisor reads the draft of a sibling team, and makes files of the own team only."""
    hidden = handed_over(who, address, method)
    return hidden or (made_anew(who, address, method) if who.role == "SU" else None)


def made_anew(who: Who, address: Address, method: str) -> str | None:
    creates = oracle.may(who, "create", "Report / PDF / generated file", address.where)
    return None if creates else "refused"


def once_submitted(who: Who, address: Address, method: str) -> str | None:
    return "hidden" if address.variant == "draft" else None


def no_contracts(who: Who, address: Address, method: str) -> str | None:
    return "hidden" if oracle.scope(who, "view", "Agency") == "n" else None


def authored(who: Who, address: Address, method: str) -> str | None:
    return None if who.persona in address.where.people else "hidden"


def not_payers(who: Who, address: Address, method: str) -> str | None:
    return "refused" if who.role == "MC" else None


def never_above_the_team(who: Who, address: Address, method: str) -> str | None:
    return "hidden" if who.role == "AL" else None


def set_by_supervisors(who: Who, address: Address, method: str) -> str | None:
    return "refused" if who.role == "ES" else never_above_the_team(who, address, method)


def its_author(who: Who, address: Address, method: str) -> str | None:
    """Of this world a note is the admin's, and a strategy its supervisor's; neither leader nor trainer wrote any."""
    return None if who.role in ("SA", "SU") else "refused"


def answers_for_the_agency(who: Who, address: Address, method: str) -> str | None:
    return None if who.role == "AL" else "refused"


def leads_only(who: Who, address: Address, method: str) -> str | None:
    resource = address.route.door.resource.value
    sees, exports = (oracle.scope(who, right, resource) for right in ("view", "export"))
    return "hidden" if exports != "deny" and sees != "s" else None


def whole_state_only(who: Who, address: Address, method: str) -> str | None:
    return None if oracle.scope(who, "view", address.route.door.resource.value) == "s" else "hidden"


def register_of_state(who: Who, address: Address, method: str) -> str | None:
    door = address.route.door
    barred = oracle.scope(who, door.actions[method], door.resource.value) == "deny"
    return None if barred else whole_state_only(who, address, method)


REFINED: dict[str, Refinement] = {
    **{
        name: Refinement("paper is as private as its record", paper)
        for page in ("page", "again", "download")
        for name in (f"reports:report-{page}", f"reports-api:file-{page}".removesuffix("-page"))
    },
    **{
        f"{app}:{noun}-history": Refinement("a name-only right ends at the public profile", unless_names)
        for noun in ("state", "agency", "team")
        for app in ("agencies", "agencies-api")
    },
    **{
        f"agencies:{page}": Refinement(
            "the operator edits a state's name and contact only", unless_names_edited
        )
        for page in (
            "state-words",
            "state-theme",
            "state-logo",
            "state-logo-remove",
            "state-sign-in",
            "population-list",
            "population-remove",
        )
    },
    **{
        f"agencies-api:{page}": Refinement(
            "the operator edits a state's name and contact only", unless_names_edited
        )
        for page in ("words", "colors", "sign-in", "populations", "population")
    },
    **{
        name: Refinement("agencies read the draft they were handed, not the one that is written on", drafts)
        for name in (
            *("fidelity:report-edit", "fidelity-api:draft", "fidelity-api:hand-over"),
            *(*OF_CORRECTIONS, *OF_MODERATION),
        )
    },
    **{
        name: Refinement("agencies see a draft in their answer window", handed_over)
        for name in (
            *("fidelity:report-preview", "fidelity:answers"),
            *("fidelity-api:answers", "fidelity-api:answer"),
        )
    },
    **{
        name: Refinement("a visit is for its reviewers and the state, not for whom it is about", drafts)
        for name in (
            "fidelity:review-visit",
            "fidelity:visit-request",
            "fidelity:visit-people",
            "fidelity:visit-numbers",
            "fidelity:visit-pdf",
            "fidelity-api:visit",
            "fidelity-api:visit-pdf",
        )
    },
    **{
        name: Refinement(
            "agencies see a draft in their answer window; new paper needs the right to make files, too",
            paper_of_draft,
        )
        for name in ("fidelity:draft-pdf", "fidelity-api:draft-pdf")
    },
    **{
        f"{app}:contract-end": Refinement("a contract is no part of an agency's public profile", no_contracts)
        for app in ("agencies", "agencies-api")
    },
    **{
        name: Refinement(
            "who led a review, or read its draft, never issues its report", never_who_led_or_read
        )
        for name in ("fidelity:review-issue", "fidelity-api:issue")
    },
    **{
        name: Refinement("who led a review does not read its draft for the state", never_who_led)
        for name in OF_MODERATORS
    },
    **{
        f"{app}:between{page}": Refinement(
            "what a team keeps is no draft of its leader", never_above_the_team
        )
        for app, front in (("outcomes", "-list"), ("outcomes-api", ""))
        for page in (front, "-team", "-goals", "-week", "-month")
    },
    **{
        f"{app}:between-goals-of": Refinement("goals are set by supervisors", set_by_supervisors)
        for app in ("outcomes", "outcomes-api")
    },
    **{
        f"{app}:import{page}": Refinement("a staged file is its author's alone", authored)
        for app, pages in (
            ("outcomes", ("-page", "-discard", "-corrected")),
            ("outcomes-api", ("", "-rows", "-save", "-drafts", "-discard", "-corrected")),
        )
        for page in pages
    },
    **{
        f"outcomes:{table}-file": Refinement("exact figures of a whole state are for its leads", leads_only)
        for table in ("state", "fidelity")
    },
    "fidelity:agreement-list": Refinement(
        "what reviewers agree on is counted over the whole state", whole_state_only
    ),
    **{
        name: Refinement("the register is of the whole state", register_of_state)
        for name in ("fidelity:reviewer-register", "fidelity-api:register")
    },
    **{
        f"outcomes:{noun}-{deed}": Refinement("only its author and the state's admin mend a text", its_author)
        for noun in ("note", "strategy", "told")
        for deed in ("edit", "remove")
    },
    "outcomes:sharing-answer": Refinement(
        "a leader alone answers for the agency, whoever else may take its figures out", answers_for_the_agency
    ),
    **{
        f"{app}:plan-sign": Refinement("a leader alone signs for the agency", answers_for_the_agency)
        for app in ("fidelity", "fidelity-api")
    },
    "outcomes-api:revision": Refinement("what was never submitted is no revision yet", once_submitted),
    **{
        name: Refinement("new paper needs the right to make files, too", made_anew)
        for name in ("fidelity:plan-pdf", "fidelity-api:plan-pdf", "fidelity:standing-letter", *OF_EDITIONS)
    },
    **{
        f"{app}:review-{page}": Refinement("E of a payer means naming reviewers, not dates", not_payers)
        for page in ("dates", "cancel", "reviewers")  # no policy of this world names a payer as its approver
        for app in ("fidelity", "fidelity-api")
    },
}


def expected(who: Who, address: Address, method: str) -> str:
    door = address.route.door
    said = oracle.expected(
        who, door.actions.get(method), door.resource.value, address.where, of_record=address.of_record
    )
    if said in ("hidden", "no method") or address.route.name not in REFINED:
        return said
    return REFINED[address.route.name].says(who, address, method) or said


def told(faults: list[str]) -> str:
    return "\n".join([f"{len(faults)} wrong answers", *faults[:60]])


def relations(route: Route) -> list[str]:
    """A page about no record differs by state only."""
    return list(RELATIONS) if route.about else ["own team", "other state"]


def wrong(wanted: str, got: dict[str, str], several: bool) -> bool:
    """One record must be answered exactly. Of a review's stages one must pass; a page may not exist in the others."""
    verdicts = set(got.values())
    if not several or wanted in ("hidden", "no method"):
        return verdicts != {wanted}
    return wanted not in verdicts or not verdicts <= {wanted, "hidden"}


@pytest.mark.parametrize("name", TENANT)
def test_every_route_answers_as_the_table_says(counted: Visits, name: str) -> None:
    route, faults = TENANT[name], list[str]()
    for who in PEOPLE.values():
        for method in route.door.actions:
            stages: set[str] = set()  # of a review, those in which this person passed in the own team
            for relation in relations(route):
                found = routes.addresses(route, counted.world.corners[relation], relation)
                faults += visit(counted, who, method, found, stages)
    assert not faults, told(faults)


def visit(counted: Visits, who: Who, method: str, found: list[Address], stages: set[str]) -> list[str]:
    """One person, one method, one corner of the world: what was wrong."""
    faults, groups = list[str](), defaultdict[str, dict[str, str]](dict)
    name, relation = found[0].route.name, found[0].relation
    for address in found[:1] if relation == "other state" else found:
        wanted = expected(who, address, method)
        if wanted == "passes" and stages and address.variant not in stages:
            continue
        answer = counted.ask(who.persona, method, address.path)
        groups[wanted][address.variant] = answer.verdict
        if leaked := counted.leaks(who.persona, answer):
            faults.append(f"{who.persona} {method} {address.path} ({relation}): shows {leaked}")
        if answer.status >= 500:
            faults.append(f"{who.persona} {method} {address.path}: answers {answer.status}")
    several = "review" in found[0].route.about
    if several and relation == "own team":
        stages |= {stage for stage, verdict in groups["passes"].items() if verdict == "passes"}
    return faults + [
        f"{who.persona} {method} {name} ({relation}): {got}, expected {wanted}"
        for wanted, got in groups.items()
        if got and wrong(wanted, got, several)
    ]


@pytest.mark.parametrize("name", TENANT)
def test_no_route_opens_to_outsiders(counted: Visits, name: str) -> None:
    faults = []
    for relation in ("own team", "other state"):
        address = routes.addresses(TENANT[name], counted.world.corners[relation], relation)[0]
        for person in (*UNSIGNED, *SHUT_OUT):
            for method in (*address.route.door.actions, "DELETE"):
                answer = counted.ask(person, method, address.path)
                wanted = "sign in" if person in UNSIGNED else "hidden"
                if answer.verdict != wanted or counted.leaks(person, answer):
                    faults.append(f"{person} {method} {address.path}: {answer.status}, expected {wanted}")
    assert not faults, told(faults)


@pytest.mark.parametrize("name", TENANT)
def test_undeclared_methods_are_refused(counted: Visits, name: str) -> None:
    address = routes.addresses(TENANT[name], counted.world.own, "own team")[-1]
    declared = set(address.route.door.actions)
    faults = []
    for method in METHODS:
        for who in PEOPLE.values() if method == "DELETE" else [PEOPLE["trainer"]]:
            if method in declared:
                continue
            answer = counted.ask(who.persona, method, address.path)
            wanted = expected(who, address, method)
            if answer.verdict != wanted or (wanted == "no method" and "Allow" not in answer.headers):
                faults.append(f"{who.persona} {method} {address.path}: {answer.status}, expected {wanted}")
    assert not faults, told(faults)


def test_every_route_has_a_door_or_a_reason() -> None:
    assert routes.faults(routes.all_routes()) == []


def test_every_reason_still_has_its_route() -> None:
    names = {route.name for route in routes.all_routes() if not route.is_tenant}
    assert set(routes.OUTSIDE) <= names
    assert set(REFINED) <= set(TENANT)


def test_a_hidden_record_and_an_unknown_one_get_the_same_answer(counted: Visits) -> None:
    """G3 of the bad inputs: byte for byte, or the difference tells that something is there."""
    slug = counted.world.corners["other agency"].cast.teams["south_one"].slug
    for above in ("/meridian/teams/", "/api/v1/meridian/teams/"):
        hidden = counted.ask("leader", "GET", f"{above}{slug}/")
        unknown = counted.ask("leader", "GET", f"{above}{'x' * len(slug)}/")
        assert (hidden.status, hidden.headers.keys()) == (404, unknown.headers.keys())
        token = re.compile(rb'(csrfmiddlewaretoken" value=")\w+')  # masked anew for each page
        assert token.sub(b"", hidden.body.replace(slug.encode(), b"")) == token.sub(
            b"", unknown.body.replace(b"x" * len(slug), b"")
        )


def test_a_membership_of_somebody_else_cannot_be_chosen(counted: Visits) -> None:
    admin = counted.world.cast.meridian.memberships["admin"].pk
    own = counted.world.cast.meridian.memberships["leader"].pk
    assert counted.ask("leader", "GET", f"/meridian/?as={own}").status == 200
    for stranger in (admin, counted.world.cast.bayou.memberships["leader"].pk, "0", "x", "-1"):
        assert counted.ask("leader", "GET", f"/meridian/?as={stranger}").status == 404


def test_rights_end_with_the_next_request(counted: Visits) -> None:
    """T8: nothing of a right is kept in the session."""
    cast = counted.world.cast.meridian
    path = "/meridian/teams/north-one/"
    assert counted.ask("supervisor", "GET", path).status == 200
    with transaction.atomic():
        with tenancy.as_system(cast.state.pk):
            Membership.objects.filter(pk=cast.memberships["supervisor"].pk).update(
                ended_on=cast.state.today()
            )
        after = counted.ask("supervisor", "GET", path).status
        transaction.set_rollback(True)
    assert after == 404

"""Where a page rightly answers otherwise than the bare permission table, and why; what is expected at every door."""

from collections.abc import Callable
from dataclasses import dataclass

from tests.architecture import oracle
from tests.architecture.bank import OF_BANK
from tests.architecture.corrections import OF_CORRECTIONS, OF_EDITIONS
from tests.architecture.moderations import MODERATOR, OF_MODERATION, OF_MODERATORS
from tests.architecture.oracle import Who
from tests.architecture.papers import OF_DRAFTS, OF_VISITS
from tests.architecture.routes import Address
from tests.architecture.visits import DRAFT
from tests.architecture.world import LEAD

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
    **dict.fromkeys(("funding-plan", "funding-appendix"), ("Funding plan", "export")),
    "funding-handout": ("Funding plan", "view"),
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


def drafts(who: Who, address: Address, method: str) -> str | None:
    statewide = oracle.scope(who, "view", DRAFT) == "s"
    return None if statewide or who.persona in address.where.people else "hidden"


def handed_over(who: Who, address: Address, method: str) -> str | None:
    """Every draft of this world is with its agency."""
    return None if who.role in ("AL", "SU") else drafts(who, address, method)


def paper_of_draft(who: Who, address: Address, method: str) -> str | None:
    """A supervisor reads the draft of a sibling team, and makes files of the own team only."""
    hidden = handed_over(who, address, method)
    return hidden or (made_anew(who, address, method) if who.role == "SU" else None)


def never_who_led(who: Who, address: Address, method: str) -> str | None:
    return "refused" if who.persona == LEAD and address.variant == "draft_report" else None


def never_who_led_or_read(who: Who, address: Address, method: str) -> str | None:
    read_it = who.persona == MODERATOR and address.variant == "draft_report"
    return "refused" if read_it else never_who_led(who, address, method)


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


def asks_about_every_cell(who: Who, address: Address, method: str) -> str | None:
    return "passes" if who.role in ("VR", "MH", "DL", "MC") else None


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


def register_of_funding(who: Who, address: Address, method: str) -> str | None:
    door = address.route.door
    sees, does = (oracle.scope(who, right, door.resource.value) for right in ("view", door.actions[method]))
    if does == "deny":
        return None
    return "hidden" if sees != "s" else "refused" if does == "a" else None


def for_writers_of_reports(who: Who, address: Address, method: str) -> str | None:
    door = address.route.door
    barred = oracle.scope(who, door.actions[method], door.resource.value) == "deny" and not address.of_record
    writes = oracle.scope(who, "view", DRAFT) != "deny"
    return None if writes or barred else "hidden"


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
        for name in (*OF_DRAFTS, *OF_CORRECTIONS, *OF_MODERATION)
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
    **{
        name: Refinement("what reviewers agree on is counted over the whole state", whole_state_only)
        for name in ("fidelity:agreement-list", "fidelity-api:agreement")
    },
    **{
        name: Refinement("the register is of the whole state", register_of_state)
        for name in ("fidelity:reviewer-register", "fidelity-api:register")
    },
    **{
        name: Refinement("texts for reports are for those who write reports", for_writers_of_reports)
        for name in OF_BANK
    },
    **{
        f"outcomes:{noun}-{deed}": Refinement("only its author and the state's admin mend a text", its_author)
        for noun in ("note", "strategy", "told")
        for deed in ("edit", "remove")
    },
    **{
        name: Refinement("every liaison asks about every cell", asks_about_every_cell)
        for name in ("funding:note-write", "funding-api:notes")
    },
    **{
        name: Refinement("the register of funding sources is the state's, no agency's", register_of_funding)
        for name in (
            *("funding:register-list", "funding:register-new", "funding:register-file"),
            *("funding:rate-list", "funding:rate-new", "funding:money"),
            *("funding-api:register", "funding-api:rates"),
        )
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
        for name in (
            *("fidelity:plan-pdf", "fidelity-api:plan-pdf", "fidelity:standing-letter", *OF_EDITIONS),
            *("funding:plan-pdf", "funding:handout-pdf", "funding:version-pdf"),
        )
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

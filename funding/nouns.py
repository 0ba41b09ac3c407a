"""How the history of this app reads."""

from agencies.audit import describe

PLAN = ("plan_id", "funding_fundingplan")
RATES = ("schedule_id", "funding_paymentschedule")


def begin() -> None:
    describe(
        "funding_fundingplan",
        noun="funding plan",
        fields={"region": "region", "agency_id": "agency", "closed_at": "end of the funding plan"},
        hide={"public_id", "begun_at", "begun_by_id", "closed_by_id"},
        added="Began the funding plan.",
    )
    describe(
        "funding_planelement",
        noun="service of the funding plan",
        fields={
            "name": "service",
            "phase": "phase",
            "without_person": "done without the person",
            "starts_up": "start-up",
            "removed_at": "taken out",
        },
        hide={"plan_id", "position"},
        added="Added the service {name}.",
        belongs_to=PLAN,
    )
    describe(
        "funding_plancolumn",
        noun="payer of the funding plan",
        fields={
            "name": "source",
            "payer": "payer",
            "keeper": "who fills in the column",
            "department": "department that fills in the column",
            "body_id": "payer that fills in the column",
            "comes_from_id": "funding source",
            "ends_on": "last day of the money",
            "removed_at": "taken out",
        },
        hide={"plan_id", "position"},
        added="Added the payer's source {name}.",
        belongs_to=PLAN,
    )
    describe(
        "funding_fundingsource",
        noun="funding source",
        fields={
            "name": "name",
            "kind": "kind",
            "payer": "payer",
            "given_by": "who gives it",
            "starts_on": "first day",
            "ends_on": "last day",
            "amount": "amount",
            "purpose": "what it may pay for",
            "contact_name": "person to ask",
            "contact_email": "e-mail of the person to ask",
            "contact_phone": "phone of the person to ask",
            "citation": "award number or citation",
            "evidence_url": "where it is written",
            "keeper": "who keeps it",
            "department": "department that keeps it",
            "body_id": "payer that keeps it",
            "removed_at": "day it was taken off the register",
        },
        hide={"public_id", "version", "added_at", "added_by_id", "saved_at", "saved_by_id", "removed_by_id"},
        added="Added the funding source {name}.",
    )
    describe(
        "funding_paymentschedule",
        noun="payment schedule",
        fields={
            "payer": "payer",
            "name": "name",
            "starts_on": "first day",
            "ends_on": "last day",
            "source": "where it is written",
            "keeper": "who keeps it",
            "department": "department that keeps it",
            "body_id": "payer that keeps it",
        },
        hide={"public_id", "version", "saved_at", "saved_by_id"},
        added="Wrote down the payment schedule {name}, from {starts_on} on.",
    )
    describe(
        "funding_schedulepayment",
        noun="payment of the schedule",
        fields={
            "name": "name",
            "trigger": "what it is paid for",
            "days": "days worked",
            "amount": "amount",
            "repeatable": "paid again for the same person",
            "requires_id": "payment that must come before",
            "pays_only_if": "condition",
        },
        hide={"schedule_id", "position"},
        added="Added the payment {name}: ${amount}.",
        removed="Took out the payment {name} of ${amount}.",
        belongs_to=RATES,
    )
    describe(
        "funding_plancell",
        noun="cell of the funding plan",
        fields={
            "status": "whether it pays",
            "method": "how it pays",
            "condition": "condition",
            "entry": "for whom",
            "limit_days": "days after the job start",
            "limit_times": "times for one person",
            "limit": "another limit",
            "presence": "whether the person must be there",
            "authorization": "authorization",
            "service_code": "service code",
            "evidence_url": "where it is written",
            "valid_from": "first day",
            "valid_to": "last day",
            "expected_on": "day it is expected",
            "bridge_id": "payer until then",
        },
        hide={"plan_id", "element_id", "column_id", "version", "saved_at", "saved_by_id", "checked_on"},
        added="Filled in a cell: {status}.",
        belongs_to=PLAN,
    )
    describe(
        "funding_cellnote",
        noun="question or comment on the funding plan",
        fields={"text": "text", "answer": "answer"},
        hide={
            "plan_id",
            "element_id",
            "column_id",
            "is_question",
            "written_at",
            "written_by_id",
            "answered_at",
            "answered_by_id",
            "form_key",
        },
        added="Wrote on a cell: {text}",
        belongs_to=PLAN,
    )
    describe(
        "funding_celllink",
        noun="link between two payers",
        fields={"kind": "how they share it", "note": "note"},
        hide={"plan_id", "first_id", "second_id", "linked_at", "linked_by_id"},
        added="Linked two payers: {note}",
        removed="Took off a link between two payers: {note}",
        belongs_to=PLAN,
    )
    describe(
        "funding_planversion",
        noun="version of the funding plan",
        fields={"number": "number", "note": "what is new"},
        hide={"plan_id", "made_at", "made_by_id", "parties"},
        quiet={"data"},
        added="Put forward version {number}.",
        belongs_to=PLAN,
    )
    describe(
        "funding_plansignature",
        noun="signature of the funding plan",
        hide={"plan_id", "version_id", "desk", "signed_at", "signed_by_id"},
        added="Signed the plan.",
        belongs_to=PLAN,
    )

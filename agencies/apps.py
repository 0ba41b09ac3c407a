from django.apps import AppConfig

from agencies.audit import describe


class AgenciesConfig(AppConfig):
    name = "agencies"

    def ready(self) -> None:
        describe_tables()


def describe_tables() -> None:
    """How the history of this app reads."""
    describe(
        "agencies_state",
        noun="state",
        fields={
            "name": "name",
            "program_name": "name of the program",
            "zone": "time zone",
            "contact_name": "contact",
            "contact_email": "contact's e-mail",
            "words": "the state's own words",
            "brand": "header color",
            "brand_ink": "color of the text on the header",
            "brand_accent": "accent color",
            "logo_sha256": "the logo",
            "requires_second_factor": "a second step at sign-in for everybody",
        },
        hide={"theme_version", "id"},
    )
    describe(
        "agencies_population",
        noun="population",
        fields={"name": "name"},
        belongs_to=("state_id", "agencies_state"),
    )
    describe("agencies_statepolicy", noun="policy", fields={"name": "name", "effective_from": "first day"})
    describe(
        "agencies_agency",
        noun="agency",
        fields={
            "name": "name",
            "code": "the state's own code",
            "city": "city",
            "region": "region",
            "website": "website",
            "contact_name": "contact",
            "contact_email": "contact's e-mail",
            "contact_phone": "contact's phone",
            "started_on": "first day",
            "ended_on": "closing day",
        },
    )
    describe(
        "agencies_team",
        noun="team",
        fields={
            "name": "name",
            "agency_id": "lead agency",
            "stage": "stage",
            "implementation_started_on": "start of implementation",
            "ended_on": "closing day",
        },
    )
    describe_links()
    describe_people()


def describe_links() -> None:
    describe(
        "agencies_teampartner",
        noun="partner agency",
        added="Added {agency_id} as a partner agency.",
        removed="Ended the partnership with {agency_id}.",
        belongs_to=("team_id", "agencies_team"),
    )
    describe(
        "agencies_teampopulation",
        noun="population of a team",
        added="Added {population_id} to the populations served.",
        removed="Took {population_id} off the populations served.",
        belongs_to=("team_id", "agencies_team"),
    )
    describe("agencies_payer", noun="payer", fields={"name": "name", "kind": "kind"})
    describe(
        "agencies_payercontract",
        noun="contract with a payer",
        fields={"payer_id": "payer", "agency_id": "agency", "starts_on": "first day", "ends_on": "last day"},
        belongs_to=("agency_id", "agencies_agency"),
    )


def describe_people() -> None:
    describe(
        "agencies_membership",
        noun="membership",
        fields={
            "person_id": "person",
            "role": "role",
            "agency_id": "agency",
            "payer_id": "payer",
            "department": "department",
            "started_on": "first day",
            "ended_on": "last day",
        },
    )
    describe(
        "agencies_membershipteam",
        noun="team of a person",
        added="Put {membership_id} on {team_id}.",
        removed="Took {membership_id} off {team_id}.",
        belongs_to=("membership_id", "agencies_membership"),
    )
    describe(
        "agencies_assignment",
        noun="assignment",
        fields={
            "person_id": "person",
            "purpose": "as",
            "team_id": "team",
            "agency_id": "agency",
            "ends_on": "last day",
        },
        hide={"membership_id"},
        belongs_to=("membership_id", "agencies_membership"),
    )
    describe(
        "agencies_invitation",
        noun="invitation",
        fields={
            "email": "address",
            "name": "name",
            "role": "role",
            "agency_id": "agency",
            "team_id": "team",
            "sent_at": "sent",
            "accepted_at": "accepted",
            "withdrawn_at": "withdrawn",
        },
        hide={"token_sha256", "invited_by_id", "accepted_by_id"},
    )
    describe(
        "agencies_apitoken",
        noun="API token",
        fields={
            "name": "name",
            "prefix": "begins with",
            "scope": "may",
            "person_id": "of",
            "expires_on": "works until",
            "revoked_at": "revoked",
        },
        hide={"membership_id", "role", "revoked_by_id", "created_at"},
    )

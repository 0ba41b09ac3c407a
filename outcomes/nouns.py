"""How the history of this app reads. Figures are named as changed, never printed: a draft stays the team's."""

from agencies.audit import describe
from outcomes.models import CORE


def begin() -> None:
    describe_reports()
    describe_rates()
    describe_meetings()
    describe_between()
    describe_sharing()


def describe_reports() -> None:
    describe(
        "outcomes_quarterlyreport",
        noun="quarterly report",
        fields={
            "status": "status",
            "is_late": "late",
            "due_on": "due date",
            "locks_on": "day it becomes final",
            "reopened_reason": "reason for reopening",
            "in_force": "revision in force",
            "returned": "comments of the state",
        },
        hide={
            "percent",
            "current",
            "open_warnings",
            "version",
            "team_id",
            "begun_by_id",
            "submitted_at",
            "submitted_by_id",
            "accepted_at",
            "accepted_by_id",
            "locked_at",
            "is_operating",
            "quarter",
        },
        quiet={"returned"},
        added="Expects the report of this quarter.",
    )
    describe(
        "outcomes_revision",
        noun="figures",
        fields={**{key: key.replace("_", " ") for key in CORE}, "is_draft": "draft"},
        hide={
            "version",
            "saved_at",
            "submit_key",
            "definition",
            "team_id",
            "report_id",
            "number",
            "is_operating",
        },
        quiet={*CORE, "more", "absent", "explained", "note", "vacancy"},
        added="Began to enter the figures.",
        removed="Discarded a draft.",
        belongs_to=("report_id", "outcomes_quarterlyreport"),
    )
    describe(
        "outcomes_agencyquarter",
        noun="figures of a whole agency",
        fields={"agency_adults_served": "adults served", "agency_adults_employed": "adults working"}
        | {"absent": "what was not collected"},
        hide={"agency_id", "quarter", "saved_by_id", "saved_at", "version"},
        quiet={"agency_adults_served", "agency_adults_employed", "absent"},
        added="Entered figures of the whole agency for the first time.",
    )
    describe(
        "outcomes_outcomeimport",
        noun="import of a file",
        fields={"file_name": "file", "status": "status", "choice": "rows asked for", "counts": "rows"},
        hide={"team_id", "public_id", "uploaded_by_id", "uploaded_at", "sha256", "saved", "finished_at"}
        | {"submit_key"},
        quiet={"left_out"},
        added="Uploaded a file of quarters.",
    )


def describe_rates() -> None:
    describe(
        "outcomes_staterate",
        noun="rate of the state",
        hide={"quarter", "measure", "numerator", "denominator", "mean", "median", "teams"}
        | {"lower_quartile", "upper_quartile", "agencies", "largest_share"},
    )
    describe(
        "outcomes_publication",
        noun="publication of a quarter",
        hide={"quarter", "number", "made_at", "teams", "expected", "rules", "made_of", "circle", "asked"},
        added="Published this quarter to all programs.",
    )
    describe(
        "outcomes_publishedfigure",
        noun="published figure",
        hide={"publication_id", "agency_id", "team_id", "measure", "length", "value", "percent"}
        | {"for_stakeholders", "agency_name", "team_name"},
    )
    describe(
        "outcomes_nationalrate",
        noun="rate of the nation",
        hide={"quarter", "measure", "mean", "states"},
    )
    describe(
        "outcomes_statequarter",
        noun="quarter of the state",
        fields={
            "brief": "words of the brief",
            "withheld": "small counts that keep it from being published",
        },
        hide={"quarter", "version", "brief_at", "brief_by_id"},
        quiet={"brief"},
        added="Opened the quarter for the state.",
    )
    describe("outcomes_sharedrate", noun="shared rate", hide={"quarter", "measure", "value"})


def describe_meetings() -> None:
    describe(
        "outcomes_supervisorsmeeting",
        noun="supervisors' meeting",
        fields={"held_on": "day", "shows_names": "names of programs"},
        hide={"version", "quarter"},
        added="Began the supervisors' meeting of a quarter.",
    )
    describe(
        "outcomes_meetingnote",
        noun="meeting note",
        fields={"due_on": "due date", "owner_id": "owner", "done_at": "done", "removed_at": "removal"},
        hide={
            "version",
            "written_at",
            "done_by_id",
            "meeting_id",
            "form_key",
            "written_by_id",
            "removed_by_id",
        },
        quiet={"text", "done_at", "removed_at"},
        added="Wrote a note in the supervisors' meeting.",
        belongs_to=("meeting_id", "outcomes_supervisorsmeeting"),
    )
    describe(
        "outcomes_strategy",
        noun="strategy",
        fields={
            "consented": "consent to be told with the program's name",
            "told_on": "day",
            "removed_at": "removal",
        },
        hide={"version", "team_id", "team_name", "measure", "form_key", "written_by_id", "removed_by_id"},
        quiet={"text", "removed_at"},
        added="Wrote down what the team did.",
    )


def describe_between() -> None:
    """What a team keeps for itself: told as changed, without the numbers."""
    kept = {"version", "saved_at", "team_id", "person_id"}
    describe(
        "outcomes_weekofcontacts",
        noun="week of contacts",
        fields={
            "contacts": "employer contacts",
            "looking": "people looking for work",
            "reviewed_on": "review",
        },
        hide={*kept, "monday", "reviewed_by_id"},
        quiet={"contacts", "looking"},
        added="Entered the week.",
    )
    describe(
        "outcomes_monthtally",
        noun="monthly tally",
        fields={key: key.replace("_", " ") for key in CORE},
        hide={*kept, "month"},
        quiet=set(CORE),
        added="Entered the month.",
    )
    describe(
        "outcomes_teamgoal",
        noun="goal",
        fields={"value": "goal"},
        hide={*kept, "quarter", "measure"},
        quiet={"value"},
        added="Set a goal.",
    )


def describe_sharing() -> None:
    describe(
        "outcomes_sharingagreement",
        noun="agreement on sharing in full",
        fields={"title": "title", "ends_on": "last day", "ended_at": "end before its last day"},
        hide={"signed_on", "starts_on", "from_quarter", "sha256", "size", "recorded_by_id", "recorded_at"},
        added="Recorded the agreement.",
    )
    describe(
        "outcomes_agreementanswer",
        noun="answer to the agreement",
        fields={"status": "answer"},
        hide={"agreement_id", "agency_id", "answered_by_id", "answered_at"},
        added="Asked {agency_id} to share in full.",
        belongs_to=("agreement_id", "outcomes_sharingagreement"),
    )
    describe(
        "outcomes_figureinfull",
        noun="figure told in full",
        hide={"agreement_id", "publication_id", "agency_id", "team_id", "agency_name", "team_name"}
        | {"measure", "value"},
    )
    describe(
        "outcomes_publicquarter",
        noun="quarter told to everybody",
        hide={"publication_id", "quarter", "is_open", "figures"},
        added="Told this quarter to everybody.",
    )

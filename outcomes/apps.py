from importlib import import_module

from django.apps import AppConfig

from agencies.audit import describe

FIGURES = (
    "served",
    "employed",
    "in_school",
    "in_education",
    "job_starts",
    "transitioned_working",
    "transitioned_unemployed",
    "specialist_fte",
)


class OutcomesConfig(AppConfig):
    name = "outcomes"

    def ready(self) -> None:
        describe_tables()
        # These need the models, which are loaded by now.
        import_module("outcomes.addresses").begin()
        import_module("outcomes.notices").begin()
        import_module("outcomes.reports").begin()
        import_module("outcomes.sections").begin()


def describe_tables() -> None:
    """How the history of this app reads. Figures are named as changed, never printed: a draft stays the team's."""
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
        fields={**{key: key.replace("_", " ") for key in FIGURES}, "is_draft": "draft"},
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
        quiet={*FIGURES, "more", "absent", "explained", "note", "vacancy"},
        added="Began to enter the figures.",
        removed="Discarded a draft.",
        belongs_to=("report_id", "outcomes_quarterlyreport"),
    )
    describe(
        "outcomes_staterate",
        noun="rate of the state",
        hide={"quarter", "measure", "numerator", "denominator", "mean", "median", "teams"}
        | {"lower_quartile", "upper_quartile", "agencies", "largest_share"},
    )
    describe(
        "outcomes_statequarter",
        noun="quarter of the state",
        fields={"brief": "words of the brief"},
        hide={"quarter", "version", "brief_at", "brief_by_id"},
        quiet={"brief"},
        added="Opened the quarter for the state.",
    )
    describe("outcomes_sharedrate", noun="shared rate", hide={"quarter", "measure", "value"})

"""What a quarterly report looks like as JSON, and what may be sent to move it on."""

from dataclasses import asdict
from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from agencies.api.shapes import Ref
from ips_portal.api.fields import Unique, Whole
from ips_portal.api.shapes import Out, Pages, Shape, option, search
from outcomes.api.fields import CommentsField, FiguresField, Note, NotesField, QuarterText, as_json
from outcomes.checks import Case, check
from outcomes.dashboards.entry import figure_before
from outcomes.dashboards.report import rights
from outcomes.in_force import measures_kept
from outcomes.models import QuarterlyReport, Revision
from outcomes.rates import Rate, rates

LONGEST = 2**31 - 1
STATUSES = QuarterlyReport.Status.values


class ReportFilter(Pages):
    quarter = QuarterText(required=False, default=None)
    status = option(STATUSES)
    team = search("The slug of a team.")


# --- sent -----------------------------------------------------------------------------------------------------
class WordsSent(Shape):
    """Notes on warnings that are not sent stay; an empty one goes."""

    explained = NotesField(required=False, help_text="The team's note on a warning, by rule.")
    note = Note(required=False)
    vacancy = Note(
        required=False, help_text="That no specialist was in post for some of the quarter, and why."
    )


class FiguresSent(WordsSent):
    """What is left out stays as it is."""

    version = Whole(
        min_value=1,
        max_value=LONGEST,
        required=False,
        help_text="The version of the figures that were read: nothing is saved over a later one.",
    )
    figures = FiguresField(required=False)
    was = FiguresField(required=False, help_text="What was read, to be refused only where that has changed.")


class Once(Shape):
    """The same request sent again is answered like the first."""

    key = Unique(help_text="A random UUID of the sender's.")


class Submission(Once, WordsSent):
    version = Whole(min_value=1, max_value=LONGEST, help_text="The version of the figures that were read.")


class Idle(Once):
    reason = Note(allow_blank=False)


class Read(Shape):
    version = Whole(min_value=1, max_value=LONGEST, help_text="The version of the report that was read.")


class Returned(Read):
    figures = CommentsField(required=False, help_text="What to look at, by measure.")
    whole = Note(required=False, help_text="About the report as a whole.")


class ReopenReason(Shape):
    reason = Note(allow_blank=False, help_text="Kept in the history, and shown to the team.")


class CleanAccept(Shape):
    quarter = QuarterText()


# --- answered -------------------------------------------------------------------------------------------------
class Accepted(Out):
    accepted = serializers.ListField(child=serializers.CharField())
    left = serializers.DictField(child=serializers.CharField(), help_text="By team, and why.")


class ReportLine(Out):
    team = serializers.CharField(source="team.slug")
    agency = Ref(source="team.agency")
    quarter = serializers.CharField(source="quarter.slug")
    months = serializers.CharField(source="quarter.months")
    status = serializers.ChoiceField(choices=STATUSES)
    percent = serializers.IntegerField(help_text="How much is filled in.")
    due_on = serializers.DateField()
    locks_on = serializers.DateField()
    is_late = serializers.BooleanField()
    is_overdue = serializers.SerializerMethodField()
    is_operating = serializers.BooleanField()
    open_warnings = serializers.IntegerField()
    submitted_at = serializers.DateTimeField(allow_null=True)
    accepted_at = serializers.DateTimeField(allow_null=True)
    version = serializers.IntegerField()

    def get_is_overdue(self, report: QuarterlyReport) -> bool:
        return report.is_overdue(self.context["today"])


class RateOut(Out):
    key = serializers.CharField()
    label = serializers.CharField()  # type: ignore[assignment]  # a field of that name
    value = serializers.SerializerMethodField(method_name="to_four_places")
    numerator = serializers.SerializerMethodField()
    denominator = serializers.SerializerMethodField()
    missing = serializers.ListField(child=serializers.CharField())

    def to_four_places(self, rate: Rate) -> str | None:
        return None if rate.value is None else str(round(rate.value, 4))

    def get_numerator(self, rate: Rate) -> str | None:
        return None if rate.numerator is None else str(rate.numerator)

    def get_denominator(self, rate: Rate) -> str | None:
        return None if rate.denominator is None else str(rate.denominator)


class FindingOut(Out):
    rule = serializers.CharField()
    level = serializers.CharField()
    measures = serializers.ListField(child=serializers.CharField())
    text = serializers.CharField()
    why = serializers.CharField()
    fix = serializers.CharField()


class RevisionOut(Out):
    """One attempt as it was submitted."""

    number = serializers.IntegerField()
    is_operating = serializers.BooleanField()
    figures = serializers.SerializerMethodField()
    rates = serializers.SerializerMethodField()
    explained = serializers.DictField(child=serializers.CharField(allow_blank=True))
    note = serializers.CharField(allow_blank=True)
    vacancy = serializers.CharField(allow_blank=True)
    definition = serializers.DictField()
    saved_at = serializers.DateTimeField()
    version = serializers.IntegerField()

    def get_figures(self, revision: Revision) -> dict[str, Any] | None:
        return told_figures(revision)

    @extend_schema_field(RateOut(many=True))
    def get_rates(self, revision: Revision) -> Any:
        return RateOut(rates(revision.figures) if revision.is_operating else (), many=True).data


class QuarterlyReportOut(ReportLine):
    """`figures` are null where the reader may not see them: a draft is closed above the agency."""

    submitted_by = serializers.CharField(source="submitted_by.name", default=None, allow_null=True)
    accepted_by = serializers.CharField(source="accepted_by.name", default=None, allow_null=True)
    locked_at = serializers.DateTimeField(allow_null=True)
    in_force = serializers.IntegerField(allow_null=True, help_text="The number of the revision that counts.")
    revision = serializers.SerializerMethodField()
    figures = serializers.SerializerMethodField()
    figures_version = serializers.SerializerMethodField()
    is_draft = serializers.SerializerMethodField()
    last = serializers.SerializerMethodField()
    rates = serializers.SerializerMethodField()
    findings = serializers.SerializerMethodField()
    explained = serializers.SerializerMethodField()
    note = serializers.SerializerMethodField()
    vacancy = serializers.SerializerMethodField()
    returned = serializers.DictField(child=serializers.CharField())
    reopened_reason = serializers.CharField(allow_blank=True)
    definition = serializers.SerializerMethodField()
    may = serializers.SerializerMethodField()

    def of(self, name: str, empty: Any = None) -> Any:
        revision: Revision | None = self.context["revision"]
        return getattr(revision, name) if revision else empty

    def get_revision(self, report: QuarterlyReport) -> int | None:
        """The number of the revision whose figures these are."""
        return self.of("number")  # type: ignore[no-any-return]

    def get_figures(self, report: QuarterlyReport) -> dict[str, Any] | None:
        return told_figures(self.context["revision"])

    def get_figures_version(self, report: QuarterlyReport) -> int | None:
        return self.of("version")  # type: ignore[no-any-return]

    def get_is_draft(self, report: QuarterlyReport) -> bool:
        return bool(self.of("is_draft"))

    def get_last(self, report: QuarterlyReport) -> dict[str, Any]:
        """The team's figures of the quarter before, as far as they were reported."""
        case: Case | None = self.context["case"]
        if case is None:
            return {}
        return {
            measure.key: as_json(figure_before(case.earlier, case.quarter, measure.key))
            for measure in case.measures
        }

    @extend_schema_field(RateOut(many=True))
    def get_rates(self, report: QuarterlyReport) -> Any:
        case: Case | None = self.context["case"]
        return RateOut(rates(case.figures) if case else (), many=True).data

    @extend_schema_field(FindingOut(many=True))
    def get_findings(self, report: QuarterlyReport) -> Any:
        case: Case | None = self.context["case"]
        return FindingOut(check(case) if case else (), many=True).data

    def get_explained(self, report: QuarterlyReport) -> dict[str, str]:
        return dict(self.of("explained", {}))

    def get_note(self, report: QuarterlyReport) -> str:
        return str(self.of("note", ""))

    def get_vacancy(self, report: QuarterlyReport) -> str:
        return str(self.of("vacancy", ""))

    def get_definition(self, report: QuarterlyReport) -> dict[str, Any]:
        return dict(self.of("definition", {}))

    def get_may(self, report: QuarterlyReport) -> dict[str, bool]:
        """What you may do with it as it stands."""
        return asdict(rights(report, self.context["actor"]))


def told_figures(revision: Revision | None) -> dict[str, Any] | None:
    """By the measures the revision was entered under; a team that did not operate has none."""
    if revision is None or not revision.is_operating:
        return None
    figures = revision.figures
    return {measure.key: as_json(figures[measure.key]) for measure in measures_kept(revision.definition)}

"""Quarterly reports: which there are, what one says, and everything that moves one on."""

from typing import Any

from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from agencies.api.endpoint import Endpoint, opens
from agencies.api.history import RecordHistory
from agencies.api.shapes import Reason
from agencies.permissions import Resource
from agencies.refusals import Unacceptable
from ips_portal.api.fields import Text, Unique, Whole
from ips_portal.api.shapes import Answer, Out, Pages, Shape, option, paged, search
from ips_portal.quarters import NotAQuarter, Quarter
from outcomes.actions import deciding, entering, submitting
from outcomes.actions.entering import Cell, Words
from outcomes.api.fields import FiguresField, NotesField, as_json
from outcomes.checks import check
from outcomes.finding import find_report, find_to_reopen, shown_revision
from outcomes.history import case_of
from outcomes.models import NOTE_LIMIT, QuarterlyReport
from outcomes.rates import rates

LONGEST = 2**31 - 1


class Note(Text):
    def __init__(self, **kwargs: Any) -> None:
        super().__init__(max_length=NOTE_LIMIT, allow_blank=True, required=False, **kwargs)


class ReportFilter(Pages):
    quarter = search("Such as 2026-q3.")
    status = option(QuarterlyReport.Status.values)
    team = search("The slug of a team.")


class FiguresSent(Shape):
    """What is left out stays as it is. `was` is what the sender had read, for the measures that have changed since."""

    figures = FiguresField(required=False)
    was = FiguresField(required=False)
    explained = NotesField(required=False)
    note = Note()
    vacancy = Note()


class Once(Shape):
    """`key` is a random UUID of the sender's; the same request sent again is answered like the first."""

    key = Unique()
    version = Whole(min_value=1, max_value=LONGEST, help_text="The version of the figures that were read.")


class Idle(Shape):
    key = Unique()
    reason = Text(max_length=NOTE_LIMIT)


class Read(Shape):
    version = Whole(min_value=1, max_value=LONGEST, help_text="The version of the report that was read.")


class Returned(Read):
    figures = NotesField(required=False, help_text="Comments by measure.")
    whole = Note(help_text="About the report as a whole.")


class CleanAccept(Shape):
    quarter = Text(max_length=20)


class Accepted(Out):
    accepted = serializers.ListField(child=serializers.CharField())
    left = serializers.DictField(child=serializers.CharField())


class ReportLine(Out):
    team = serializers.CharField(source="team.slug")
    quarter = serializers.CharField(source="quarter.slug")
    months = serializers.CharField(source="quarter.months")
    status = serializers.ChoiceField(choices=QuarterlyReport.Status.values)
    percent = serializers.IntegerField()
    due_on = serializers.DateField()
    locks_on = serializers.DateField()
    is_late = serializers.BooleanField()
    is_operating = serializers.BooleanField()
    open_warnings = serializers.IntegerField()
    submitted_at = serializers.DateTimeField(allow_null=True)
    accepted_at = serializers.DateTimeField(allow_null=True)
    version = serializers.IntegerField()


class ReportOut(ReportLine):
    """`figures` are null where the reader may not see them: a draft is closed above the agency."""

    figures = serializers.SerializerMethodField()
    figures_version = serializers.SerializerMethodField()
    is_draft = serializers.SerializerMethodField()
    rates = serializers.SerializerMethodField()
    findings = serializers.SerializerMethodField()
    explained = serializers.SerializerMethodField()
    note = serializers.SerializerMethodField()
    vacancy = serializers.SerializerMethodField()
    returned = serializers.DictField(child=serializers.CharField())
    definition = serializers.SerializerMethodField()

    def of(self, name: str, empty: Any = None) -> Any:
        revision = self.context["revision"]
        return getattr(revision, name) if revision else empty

    def get_figures(self, report: QuarterlyReport) -> dict[str, Any] | None:
        case = self.context["case"]
        if case is None:
            return None
        return {measure.key: as_json(case.figures[measure.key]) for measure in case.measures}

    def get_figures_version(self, report: QuarterlyReport) -> int | None:
        return self.of("version")  # type: ignore[no-any-return]

    def get_is_draft(self, report: QuarterlyReport) -> bool:
        return bool(self.of("is_draft"))

    def get_rates(self, report: QuarterlyReport) -> list[dict[str, Any]]:
        case = self.context["case"]
        return [
            {
                "key": each.key,
                "label": each.label,
                "value": None if each.value is None else str(round(each.value, 4)),
                "numerator": None if each.numerator is None else str(each.numerator),
                "denominator": None if each.denominator is None else str(each.denominator),
                "missing": list(each.missing),
            }
            for each in (rates(case.figures) if case else ())
        ]

    def get_findings(self, report: QuarterlyReport) -> list[dict[str, Any]]:
        case = self.context["case"]
        return [
            {
                "rule": each.rule,
                "level": each.level.value,
                "measures": list(each.measures),
                "text": each.text,
                "why": each.why,
                "fix": each.fix,
            }
            for each in (check(case) if case else ())
        ]

    def get_explained(self, report: QuarterlyReport) -> dict[str, str]:
        return dict(self.of("explained", {}))

    def get_note(self, report: QuarterlyReport) -> str:
        return str(self.of("note", ""))

    def get_vacancy(self, report: QuarterlyReport) -> str:
        return str(self.of("vacancy", ""))

    def get_definition(self, report: QuarterlyReport) -> dict[str, Any]:
        return dict(self.of("definition", {}))


class ReportList(Endpoint):
    """Which team reports which quarter, and where each report stands. No figure stands in it."""

    door = opens(Resource.OUTCOME_SUBMITTED, GET="view")
    query = ReportFilter
    gives = {"GET": Answer(paged(ReportLine))}

    def get(self, request: Request, state: str) -> Response:
        rows = QuarterlyReport.objects.visible_to(self.actor).select_related("team")
        if self.chosen["quarter"]:
            rows = rows.filter(quarter=parsed(self.chosen["quarter"]))
        if self.chosen["status"]:
            rows = rows.filter(status=self.chosen["status"])
        if self.chosen["team"]:
            rows = rows.filter(team__slug=self.chosen["team"])
        return self.answer_page(rows)


def parsed(text: str) -> Quarter:
    try:
        return Quarter.parse(text)
    except NotAQuarter as problem:
        raise Unacceptable(str(problem), field="quarter") from None


class OneReport(Endpoint):
    def told(self, report: QuarterlyReport) -> Response:
        revision = shown_revision(self.asked, report)
        case = case_of(report, revision) if revision and revision.is_operating else None
        return self.answer(report, revision=revision, case=case)


class ReportPage(OneReport):
    """One report with the figures the reader may see, the rates they give and what the checks say."""

    door = opens(Resource.OUTCOME_SUBMITTED, GET="view")
    gives = {"GET": Answer(ReportOut)}

    def get(self, request: Request, state: str, team: str, quarter: Quarter) -> Response:
        return self.told(find_report(self.asked, team, quarter))


class ReportFigures(OneReport):
    """Saves figures and notes of the draft. A figure somebody else changed meanwhile answers 409 with both."""

    door = opens(Resource.OUTCOME_DRAFT, PUT="edit")
    takes = {"PUT": FiguresSent}
    gives = {"PUT": Answer(ReportOut)}

    def put(self, request: Request, state: str, team: str, quarter: Quarter) -> Response:
        report = find_report(self.asked, team, quarter)
        entering.check_opened(report)
        sent, stored = self.sent(), entering.draft_of(report).figures
        was = sent.get("was", {})
        cells = {
            key: Cell(figure, was.get(key, stored[key])) for key, figure in sent.get("figures", {}).items()
        }
        words = Words(
            sent.get("explained", {}), sent.get("note", stored.note), sent.get("vacancy", stored.vacancy)
        )
        entering.save_cells(report, cells=cells, words=words, by=self.actor)
        return self.told(report)


class ReportNothing(OneReport):
    """Nobody was served: every count becomes a confirmed zero."""

    door = opens(Resource.OUTCOME_DRAFT, POST="edit")
    gives = {"POST": Answer(ReportOut)}

    def post(self, request: Request, state: str, team: str, quarter: Quarter) -> Response:
        report = find_report(self.asked, team, quarter)
        self.sent()
        entering.report_nothing(report, by=self.actor)
        return self.told(report)


class ReportDiscard(OneReport):
    """Throws away a draft that was never submitted."""

    door = opens(Resource.OUTCOME_DRAFT, POST="delete")
    gives = {"POST": Answer(ReportOut)}

    def post(self, request: Request, state: str, team: str, quarter: Quarter) -> Response:
        report = find_report(self.asked, team, quarter)
        self.sent()
        entering.discard(report, by=self.actor)
        return self.told(report)


class ReportSubmit(OneReport):
    """Hands the figures in. 422 names each finding that stands in the way, by rule."""

    door = opens(Resource.OUTCOME_DRAFT, POST="submit")
    takes = {"POST": Once}
    gives = {"POST": Answer(ReportOut)}

    def post(self, request: Request, state: str, team: str, quarter: Quarter) -> Response:
        report = find_report(self.asked, team, quarter)
        submitting.submit(report, **self.sent(), by=self.actor)
        return self.told(report)


class ReportIdle(OneReport):
    """The team did not run in this quarter."""

    door = opens(Resource.OUTCOME_DRAFT, POST="submit")
    takes = {"POST": Idle}
    gives = {"POST": Answer(ReportOut)}

    def post(self, request: Request, state: str, team: str, quarter: Quarter) -> Response:
        report = find_report(self.asked, team, quarter)
        submitting.say_not_operating(report, **self.sent(), by=self.actor)
        return self.told(report)


class ReportTakeBack(OneReport):
    """Before acceptance the team may go on working."""

    door = opens(Resource.OUTCOME_SUBMITTED, POST="reopen")
    gives = {"POST": Answer(ReportOut)}

    def post(self, request: Request, state: str, team: str, quarter: Quarter) -> Response:
        report = find_report(self.asked, team, quarter)
        self.sent()
        submitting.take_back(report, by=self.actor)
        return self.told(report)


class ReportAccept(OneReport):
    """The figures count from now on."""

    door = opens(Resource.OUTCOME_SUBMITTED, POST="approve")
    takes = {"POST": Read}
    gives = {"POST": Answer(ReportOut)}

    def post(self, request: Request, state: str, team: str, quarter: Quarter) -> Response:
        report = find_report(self.asked, team, quarter)
        deciding.accept(report, version=self.sent()["version"], by=self.actor)
        return self.told(report)


class ReportReturn(OneReport):
    """Back to the team, with a comment at the very figure."""

    door = opens(Resource.OUTCOME_SUBMITTED, POST="approve")
    takes = {"POST": Returned}
    gives = {"POST": Answer(ReportOut)}

    def post(self, request: Request, state: str, team: str, quarter: Quarter) -> Response:
        report = find_report(self.asked, team, quarter)
        sent = self.sent()
        cells = sent.get("figures", {}) | {deciding.WHOLE: sent.get("whole", "")}
        deciding.give_back(report, cells=cells, version=sent["version"], by=self.actor)
        return self.told(report)


class ReportReopen(OneReport):
    """An accepted or locked quarter is corrected as a new revision."""

    door = opens(Resource.OUTCOME_ACCEPTED, POST="reopen")
    takes = {"POST": Reason}
    gives = {"POST": Answer(ReportOut)}

    def post(self, request: Request, state: str, team: str, quarter: Quarter) -> Response:
        report = find_to_reopen(self.asked, team, quarter)
        deciding.reopen(report, reason=self.sent()["reason"], by=self.actor)
        return self.told(report)


class ReportLock(OneReport):
    """Final before the state's date."""

    door = opens(Resource.OUTCOME_ACCEPTED, POST="lock")
    gives = {"POST": Answer(ReportOut)}

    def post(self, request: Request, state: str, team: str, quarter: Quarter) -> Response:
        report = find_report(self.asked, team, quarter)
        self.sent()
        deciding.lock_now(report, by=self.actor)
        return self.told(report)


class CleanReports(Endpoint):
    """Accepts all reports of a quarter that came without a warning."""

    door = opens(Resource.OUTCOME_SUBMITTED, POST="approve")
    takes = {"POST": CleanAccept}
    gives = {"POST": Answer(Accepted)}

    def post(self, request: Request, state: str) -> Response:
        quarter = parsed(self.sent()["quarter"])
        rows = QuarterlyReport.objects.visible_to(self.actor).placed().of_quarter(quarter)
        done = deciding.accept_clean(rows.filter(status=QuarterlyReport.Status.SUBMITTED), by=self.actor)
        left = {report.team.slug: why for report, why in done.left}
        return self.answer({"accepted": [report.team.slug for report in done.accepted], "left": left})


class ReportHistory(RecordHistory):
    """What happened to a report, newest first. Figures are named as changed, never told."""

    door = opens(Resource.OUTCOME_SUBMITTED, GET="view")

    def get(self, request: Request, state: str, team: str, quarter: Quarter) -> Response:
        report = find_report(self.asked, team, quarter)
        return self.changes_of(report, report.place)

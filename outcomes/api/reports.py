"""Quarterly reports: which there are, what one says now and said before, and what happened to it."""

from rest_framework.request import Request
from rest_framework.response import Response

from agencies.api.endpoint import Endpoint, opens
from agencies.api.history import RecordHistory
from agencies.permissions import Resource
from ips_portal.api.shapes import Answer, paged
from ips_portal.quarters import Quarter
from ips_portal.reports.api import FileOut
from outcomes.actions import papers
from outcomes.api.shapes import QuarterlyReportOut, ReportFilter, ReportLine, RevisionOut
from outcomes.finding import find_report, find_revision, shown_revision
from outcomes.history import case_of
from outcomes.models import QuarterlyReport
from outcomes.reports import QUARTER


class ReportList(Endpoint):
    """Which team reports which quarter, and where each report stands. No figure stands in it."""

    door = opens(Resource.OUTCOME_SUBMITTED, GET="view")
    query = ReportFilter
    gives = {"GET": Answer(paged(ReportLine))}

    def get(self, request: Request, state: str) -> Response:
        rows = QuarterlyReport.objects.visible_to(self.actor).select_related("team__agency")
        names = {"quarter": "quarter", "status": "status", "team": "team__slug"}
        chosen = {column: self.chosen[name] for name, column in names.items() if self.chosen[name]}
        rows = rows.filter(**chosen).order_by("-quarter", "team__name", "pk")
        return self.answer_page(rows, today=self.tenant.today())


class OneReport(Endpoint):
    def found(self, team: str, quarter: Quarter) -> QuarterlyReport:
        return find_report(self.asked, team, quarter)

    def told(self, report: QuarterlyReport) -> Response:
        revision = shown_revision(self.asked, report)
        case = case_of(report, revision) if revision and revision.is_operating else None
        shown = {"revision": revision, "case": case, "actor": self.actor, "today": self.tenant.today()}
        return self.answer(report, **shown)


class ReportPage(OneReport):
    """One report with the figures the reader may see, the rates they give and what the checks say."""

    door = opens(Resource.OUTCOME_SUBMITTED, GET="view")
    gives = {"GET": Answer(QuarterlyReportOut)}

    def get(self, request: Request, state: str, team: str, quarter: Quarter) -> Response:
        return self.told(self.found(team, quarter))


class QuarterPaper(OneReport):
    """Asks for the quarterly summary as PDF, or finds the one that says the same."""

    door = opens(Resource.OUTCOME_ACCEPTED, POST="export")
    gives = {"POST": Answer(FileOut, 202)}

    def post(self, request: Request, state: str, team: str, quarter: Quarter) -> Response:
        report = self.found(team, quarter)
        self.sent()
        return self.answer(papers.ask(QUARTER, report, by=self.actor))


class RevisionPage(OneReport):
    """What was submitted under a number. A correction has a number of its own."""

    door = opens(Resource.OUTCOME_SUBMITTED, GET="view")
    gives = {"GET": Answer(RevisionOut)}

    def get(self, request: Request, state: str, team: str, quarter: Quarter, number: int) -> Response:
        return self.answer(find_revision(self.asked, self.found(team, quarter), number))


class ReportHistory(RecordHistory):
    """What happened to a report, newest first. Figures are named as changed, never told."""

    door = opens(Resource.OUTCOME_SUBMITTED, GET="view")

    def get(self, request: Request, state: str, team: str, quarter: Quarter) -> Response:
        report = find_report(self.asked, team, quarter)
        return self.changes_of(report, report.place)

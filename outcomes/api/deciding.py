"""The state accepts a quarter, returns it, opens it again, or makes it final."""

from rest_framework.request import Request
from rest_framework.response import Response

from agencies.api.endpoint import Endpoint, opens
from agencies.permissions import Resource
from ips_portal.api.shapes import Answer
from ips_portal.quarters import Quarter
from outcomes.actions import deciding
from outcomes.api.reports import OneReport
from outcomes.api.shapes import Accepted, CleanAccept, QuarterlyReportOut, Read, ReopenReason, Returned
from outcomes.finding import find_revision, find_to_reopen
from outcomes.in_force import measures_kept
from outcomes.models import QuarterlyReport


class ReportAccept(OneReport):
    """The figures count from now on, provisionally until they lock."""

    door = opens(Resource.OUTCOME_SUBMITTED, POST="approve")
    takes = {"POST": Read}
    gives = {"POST": Answer(QuarterlyReportOut)}

    def post(self, request: Request, state: str, team: str, quarter: Quarter) -> Response:
        report = self.found(team, quarter)
        deciding.accept(report, version=self.sent()["version"], by=self.actor)
        return self.told(report)


class ReportReturn(OneReport):
    """Back to the team, with a comment at the very figure."""

    door = opens(Resource.OUTCOME_SUBMITTED, POST="approve")
    takes = {"POST": Returned}
    gives = {"POST": Answer(QuarterlyReportOut)}

    def post(self, request: Request, state: str, team: str, quarter: Quarter) -> Response:
        report = self.found(team, quarter)
        deciding.check_waiting(report)
        revision = find_revision(self.asked, report, report.current)
        sent = self.sent(measures=measures_kept(revision.definition))
        cells = sent.get("figures", {}) | {deciding.WHOLE: sent.get("whole", "")}
        deciding.give_back(report, cells=cells, version=sent["version"], by=self.actor)
        return self.told(report)


class ReportReopen(OneReport):
    """An accepted or locked quarter is corrected as a new revision; what was accepted stands until then."""

    door = opens(Resource.OUTCOME_ACCEPTED, POST="reopen")
    takes = {"POST": ReopenReason}
    gives = {"POST": Answer(QuarterlyReportOut)}

    def post(self, request: Request, state: str, team: str, quarter: Quarter) -> Response:
        report = find_to_reopen(self.asked, team, quarter)
        deciding.reopen(report, reason=self.sent()["reason"], by=self.actor)
        return self.told(report)


class ReportLock(OneReport):
    """Final before the date of the state."""

    door = opens(Resource.OUTCOME_ACCEPTED, POST="lock")
    gives = {"POST": Answer(QuarterlyReportOut)}

    def post(self, request: Request, state: str, team: str, quarter: Quarter) -> Response:
        report = self.found(team, quarter)
        self.sent()
        deciding.lock_now(report, by=self.actor)
        return self.told(report)


class CleanReports(Endpoint):
    """Accepts all reports of a quarter that came without a warning."""

    door = opens(Resource.OUTCOME_SUBMITTED, POST="approve")
    takes = {"POST": CleanAccept}
    gives = {"POST": Answer(Accepted)}

    def post(self, request: Request, state: str) -> Response:
        quarter = self.sent()["quarter"]
        rows = QuarterlyReport.objects.visible_to(self.actor).placed().of_quarter(quarter)
        done = deciding.accept_clean(rows.filter(status=QuarterlyReport.Status.SUBMITTED), by=self.actor)
        left = {report.team.slug: why for report, why in done.left}
        return self.answer({"accepted": [report.team.slug for report in done.accepted], "left": left})

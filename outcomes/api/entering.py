"""A team enters its quarter, hands it in, and takes it back."""

from rest_framework.request import Request
from rest_framework.response import Response

from agencies.api.endpoint import opens
from agencies.permissions import Resource
from ips_portal.api.shapes import Answer, Values
from ips_portal.quarters import Quarter
from outcomes.actions import entering, submitting
from outcomes.actions.entering import Cell, Words
from outcomes.api.reports import OneReport
from outcomes.api.shapes import FiguresSent, Idle, QuarterlyReportOut, Submission
from outcomes.figures import Figures

WORDS = {"explained", "note", "vacancy"}


class ReportFigures(OneReport):
    """Saves figures and notes of the draft: all that is sent, or nothing. A figure somebody else changed meanwhile
    answers 409 with what is stored."""

    door = opens(Resource.OUTCOME_DRAFT, PUT="edit")
    takes = {"PUT": FiguresSent}
    gives = {"PUT": Answer(QuarterlyReportOut)}

    def put(self, request: Request, state: str, team: str, quarter: Quarter) -> Response:
        report = self.found(team, quarter)
        entering.check_with_team(report)
        entering.check_opened(report)
        sent = self.sent(measures=entering.expected_measures(report))
        stored = entering.draft_of(report).figures
        was, figures = sent.get("was", {}), sent.get("figures", {})
        entering.save_cells(
            report,
            cells={key: Cell(figure, was.get(key, stored[key])) for key, figure in figures.items()},
            words=words_over(stored, sent),
            version=sent.get("version"),
            by=self.actor,
        )
        return self.told(report)


class ReportNothing(OneReport):
    """Nobody was served: every count becomes a confirmed zero."""

    door = opens(Resource.OUTCOME_DRAFT, POST="edit")
    gives = {"POST": Answer(QuarterlyReportOut)}

    def post(self, request: Request, state: str, team: str, quarter: Quarter) -> Response:
        report = self.found(team, quarter)
        self.sent()
        entering.report_nothing(report, by=self.actor)
        return self.told(report)


class ReportDiscard(OneReport):
    """Throws away what was entered since the last submission."""

    door = opens(Resource.OUTCOME_DRAFT, POST="delete")
    gives = {"POST": Answer(QuarterlyReportOut)}

    def post(self, request: Request, state: str, team: str, quarter: Quarter) -> Response:
        report = self.found(team, quarter)
        self.sent()
        entering.discard(report, by=self.actor)
        return self.told(report)


class ReportSubmit(OneReport):
    """Hands the figures in. 422 names each finding that stands in the way, by rule."""

    door = opens(Resource.OUTCOME_DRAFT, POST="submit")
    takes = {"POST": Submission}
    gives = {"POST": Answer(QuarterlyReportOut)}

    def post(self, request: Request, state: str, team: str, quarter: Quarter) -> Response:
        report = self.found(team, quarter)
        sent = self.sent()
        words = words_over(entering.draft_of(report).figures, sent) if sent.keys() & WORDS else None
        key, version = sent["key"], sent["version"]
        submitting.submit(report, version=version, key=key, words=words, by=self.actor)
        return self.told(report)


class ReportIdle(OneReport):
    """The team did not run in this quarter."""

    door = opens(Resource.OUTCOME_DRAFT, POST="submit")
    takes = {"POST": Idle}
    gives = {"POST": Answer(QuarterlyReportOut)}

    def post(self, request: Request, state: str, team: str, quarter: Quarter) -> Response:
        report = self.found(team, quarter)
        submitting.say_not_operating(report, **self.sent(), by=self.actor)
        return self.told(report)


class ReportTakeBack(OneReport):
    """Before acceptance the team may go on working."""

    door = opens(Resource.OUTCOME_SUBMITTED, POST="reopen")
    gives = {"POST": Answer(QuarterlyReportOut)}

    def post(self, request: Request, state: str, team: str, quarter: Quarter) -> Response:
        report = self.found(team, quarter)
        self.sent()
        submitting.take_back(report, by=self.actor)
        return self.told(report)


def words_over(stored: Figures, sent: Values) -> Words:
    """What goes with the figures, with what was sent over it."""
    return Words(
        sent.get("explained", {}), sent.get("note", stored.note), sent.get("vacancy", stored.vacancy)
    )

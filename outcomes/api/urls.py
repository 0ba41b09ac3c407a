"""Addresses of the API below /api/v1/<state>/ for quarterly outcomes."""

from django.urls import URLPattern, URLResolver, path

from outcomes.api import (
    between,
    census,
    deciding,
    definitions,
    entering,
    importing,
    meetings,
    reports,
    statewide,
    strategies,
)

app_name = "outcomes-api"
ONE = "outcomes/<slug:team>/<quarter:quarter>/"
OURS = "outcomes/between/<slug:team>/"
MEETING = "outcomes/meetings/<quarter:meeting>/"
OWN = "outcomes/team/<slug:team>/strategies/"
FILE = "outcomes/import/<uuid:upload>/"
BRIEF = "outcomes/brief/<quarter:quarter>/"

urlpatterns: list[URLPattern | URLResolver] = [
    path("outcomes/", reports.ReportList.as_view(), name="reports"),
    path("outcomes/accept/", deciding.CleanReports.as_view(), name="clean-accept"),
    path("outcomes/checks/", definitions.RuleList.as_view(), name="rules"),
    path("outcomes/comparison/", definitions.StateComparison.as_view(), name="comparison"),
    path("outcomes/shared/", definitions.SharedOutcomes.as_view(), name="shared"),
    path("outcomes/measures/", definitions.MeasureList.as_view(), name="measures"),
    path("outcomes/measures/eligible/", statewide.EligiblePeople.as_view(), name="eligible"),
    path("outcomes/statewide/<quarter:quarter>/pdf/", statewide.StatePaper.as_view(), name="state-pdf"),
    path(BRIEF, statewide.QuarterBrief.as_view(), name="brief"),
    path(f"{BRIEF}pdf/", statewide.BriefPaper.as_view(), name="brief-pdf"),
    path("outcomes/import/", importing.ImportList.as_view(), name="imports"),
    path("outcomes/import/template.csv", importing.ImportTemplate.as_view(), name="import-template"),
    path(FILE, importing.ImportPage.as_view(), name="import"),
    path(f"{FILE}rows/", importing.ImportRows.as_view(), name="import-rows"),
    path(f"{FILE}save/", importing.ImportSave.as_view(), name="import-save"),
    path(f"{FILE}drafts/", importing.ImportDrafts.as_view(), name="import-drafts"),
    path(f"{FILE}discard/", importing.ImportDiscard.as_view(), name="import-discard"),
    path(f"{FILE}corrected.csv", importing.ImportCorrected.as_view(), name="import-corrected"),
    path("outcomes/between/", between.BetweenList.as_view(), name="between"),
    path(f"{OURS}<quarter:quarter>/", between.BetweenTeam.as_view(), name="between-team"),
    path(f"{OURS}<quarter:quarter>/goals/", between.BetweenGoals.as_view(), name="between-goals"),
    path(
        f"{OURS}<quarter:quarter>/goals/<int:person>/",
        between.BetweenGoalsOf.as_view(),
        name="between-goals-of",
    ),
    path(f"{OURS}<int:person>/<monday:monday>/", between.BetweenWeek.as_view(), name="between-week"),
    path(f"{OURS}<int:person>/<month:month>/", between.BetweenMonth.as_view(), name="between-month"),
    path("outcomes/meetings/", meetings.MeetingList.as_view(), name="meetings"),
    path("outcomes/meetings/actions/", meetings.OwnActions.as_view(), name="own-actions"),
    path("outcomes/meetings/begin/", meetings.MeetingBegin.as_view(), name="meeting-begin"),
    path(MEETING, meetings.MeetingPage.as_view(), name="meeting"),
    path(f"{MEETING}names/", meetings.MeetingNames.as_view(), name="meeting-names"),
    path(f"{MEETING}pdf/", meetings.MeetingPaper.as_view(), name="meeting-pdf"),
    path(f"{MEETING}notes/", meetings.MeetingNotes.as_view(), name="meeting-notes"),
    path(f"{MEETING}notes/<int:note>/done/", meetings.MeetingNoteDone.as_view(), name="note-done"),
    path(f"{MEETING}programs/", strategies.MeetingPrograms.as_view(), name="meeting-programs"),
    path(f"{MEETING}team/<slug:sheet>/", meetings.MeetingSheet.as_view(), name="meeting-sheet"),
    path("outcomes/strategies/", strategies.ToldStrategies.as_view(), name="told-strategies"),
    path(OWN, strategies.TeamStrategies.as_view(), name="strategies"),
    path(f"{OWN}<int:strategy>/consent/", strategies.StrategyConsent.as_view(), name="strategy-consent"),
    path(ONE, reports.ReportPage.as_view(), name="report"),
    path(f"{ONE}agency/", census.AgencyFigures.as_view(), name="agency-figures"),
    path(f"{ONE}figures/", entering.ReportFigures.as_view(), name="figures"),
    path(f"{ONE}nothing/", entering.ReportNothing.as_view(), name="nothing"),
    path(f"{ONE}discard/", entering.ReportDiscard.as_view(), name="discard"),
    path(f"{ONE}submit/", entering.ReportSubmit.as_view(), name="submit"),
    path(f"{ONE}not-operating/", entering.ReportIdle.as_view(), name="idle"),
    path(f"{ONE}take-back/", entering.ReportTakeBack.as_view(), name="take-back"),
    path(f"{ONE}accept/", deciding.ReportAccept.as_view(), name="accept"),
    path(f"{ONE}return/", deciding.ReportReturn.as_view(), name="return"),
    path(f"{ONE}reopen/", deciding.ReportReopen.as_view(), name="reopen"),
    path(f"{ONE}lock/", deciding.ReportLock.as_view(), name="lock"),
    path(f"{ONE}pdf/", reports.QuarterPaper.as_view(), name="report-pdf"),
    path(f"{ONE}history/", reports.ReportHistory.as_view(), name="history"),
    path(f"{ONE}revisions/<int:number>/", reports.RevisionPage.as_view(), name="revision"),
]

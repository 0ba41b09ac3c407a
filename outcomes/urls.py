"""Addresses below /<state>/outcomes/. A quarter stands in them as 2026-q3; nobody picks a period by hand."""

from django.urls import path

from outcomes.views import (
    between,
    comparison,
    entry,
    exporting,
    importing,
    meetings,
    policies,
    reports,
    shared,
    statewide,
    strategies,
)

app_name = "outcomes"


ONE = "outcomes/<slug:team>/<quarter:quarter>/"
MEETING = "outcomes/meetings/<quarter:meeting>/"
OWN = "outcomes/team/<slug:team>/strategies/"
OURS = "outcomes/between/<slug:team>/"

urlpatterns = [
    path("outcomes/", reports.report_list, name="report-list"),
    path("outcomes/comparison/", comparison.state_comparison, name="state-comparison"),
    path("outcomes/shared/", shared.shared_outcomes, name="shared-outcomes"),
    path("outcomes/quarter.<file:file>", exporting.quarter_file, name="quarter-file"),
    path("outcomes/teams.<file:file>", exporting.teams_file, name="teams-file"),
    path("outcomes/state.<file:file>", exporting.state_file, name="state-file"),
    path("outcomes/fidelity.<file:file>", exporting.fidelity_file, name="fidelity-file"),
    path("outcomes/reports.<file:file>", exporting.reports_file, name="reports-file"),
    path("outcomes/shared.<file:file>", shared.shared_file, name="shared-file"),
    path("outcomes/checks/", policies.rule_list, name="rule-list"),
    path("outcomes/measures/", policies.measure_list, name="measure-list"),
    path("outcomes/published/", policies.published_list, name="published-list"),
    path("outcomes/measures/decide/", policies.policy_edit, name="policy-edit"),
    path("outcomes/measures/eligible/", policies.need_edit, name="need-edit"),
    path("outcomes/accept/", reports.clean_accept, name="clean-accept"),
    path("outcomes/import/", importing.import_new, name="import-new"),
    path("outcomes/import/template.csv", importing.import_template, name="import-template"),
    path("outcomes/import/<uuid:upload>/", importing.import_page, name="import-page"),
    path("outcomes/import/<uuid:upload>/discard/", importing.import_discard, name="import-discard"),
    path("outcomes/import/<uuid:upload>/corrected.csv", importing.import_corrected, name="import-corrected"),
    path("outcomes/team/<slug:team>/", comparison.team_over_time, name="team-trend"),
    path(OWN, strategies.strategy_list, name="strategy-list"),
    path(f"{OWN}<int:strategy>/consent/", strategies.strategy_consent, name="strategy-consent"),
    path("outcomes/meetings/", meetings.meeting_list, name="meeting-list"),
    path("outcomes/meetings/begin/", meetings.meeting_begin, name="meeting-begin"),
    path(MEETING, meetings.meeting_page, name="meeting-page"),
    path(f"{MEETING}pdf/", meetings.meeting_pdf, name="meeting-pdf"),
    path(f"{MEETING}names/", meetings.meeting_names, name="meeting-names"),
    path(f"{MEETING}notes/", meetings.meeting_notes, name="meeting-notes"),
    path(f"{MEETING}notes/<int:note>/done/", meetings.note_done, name="note-done"),
    path(f"{MEETING}programs/", meetings.meeting_sheets, name="meeting-sheets"),
    path(f"{MEETING}team/<slug:sheet>/", meetings.meeting_sheet, name="meeting-sheet"),
    path("outcomes/between/", between.between_list, name="between-list"),
    path(f"{OURS}<quarter:quarter>/", between.between_team, name="between-team"),
    path(f"{OURS}<quarter:quarter>/goals/", between.between_goals, name="between-goals"),
    path(f"{OURS}<quarter:quarter>/goals/<int:person>/", between.between_goals, name="between-goals-of"),
    path(f"{OURS}<int:person>/<monday:monday>/", between.between_week, name="between-week"),
    path(f"{OURS}<int:person>/<month:month>/", between.between_month, name="between-month"),
    path("outcomes/statewide/<quarter:quarter>/pdf/", statewide.state_pdf, name="state-pdf"),
    path("outcomes/brief/<quarter:quarter>/", statewide.quarter_brief, name="quarter-brief"),
    path("outcomes/brief/<quarter:quarter>/pdf/", statewide.brief_pdf, name="brief-pdf"),
    path("outcomes/team/<slug:team>/trend.<file:file>", exporting.trend_file, name="trend-file"),
    path(ONE, reports.report_page, name="report-page"),
    path(f"{ONE}edit/", entry.figures_edit, name="figures-edit"),
    path(f"{ONE}save/", entry.figures_save, name="figures-save"),
    path(f"{ONE}nothing/", entry.figures_nothing, name="figures-nothing"),
    path(f"{ONE}discard/", entry.figures_discard, name="figures-discard"),
    path(f"{ONE}submit/", entry.report_submit, name="report-submit"),
    path(f"{ONE}not-operating/", entry.report_idle, name="report-idle"),
    path(f"{ONE}take-back/", reports.report_take_back, name="report-take-back"),
    path(f"{ONE}accept/", reports.report_accept, name="report-accept"),
    path(f"{ONE}return/", reports.report_return, name="report-return"),
    path(f"{ONE}reopen/", reports.report_reopen, name="report-reopen"),
    path(f"{ONE}lock/", reports.report_lock, name="report-lock"),
    path(f"{ONE}pdf/", reports.report_pdf, name="report-pdf"),
    path(f"{ONE}history/", reports.report_history, name="report-history"),
]

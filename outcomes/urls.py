"""Addresses below /<state>/outcomes/. A quarter stands in them as 2026-q3; nobody picks a period by hand."""

from django.urls import path

from outcomes.views import comparison, entry, exporting, policies, reports

app_name = "outcomes"


ONE = "outcomes/<slug:team>/<quarter:quarter>/"

urlpatterns = [
    path("outcomes/", reports.report_list, name="report-list"),
    path("outcomes/comparison/", comparison.state_comparison, name="state-comparison"),
    path("outcomes/quarter.<file:file>", exporting.quarter_file, name="quarter-file"),
    path("outcomes/teams.<file:file>", exporting.teams_file, name="teams-file"),
    path("outcomes/state.<file:file>", exporting.state_file, name="state-file"),
    path("outcomes/fidelity.<file:file>", exporting.fidelity_file, name="fidelity-file"),
    path("outcomes/reports.<file:file>", exporting.reports_file, name="reports-file"),
    path("outcomes/checks/", policies.rule_list, name="rule-list"),
    path("outcomes/measures/", policies.measure_list, name="measure-list"),
    path("outcomes/measures/decide/", policies.policy_edit, name="policy-edit"),
    path("outcomes/accept/", reports.clean_accept, name="clean-accept"),
    path("outcomes/team/<slug:team>/", comparison.team_over_time, name="team-trend"),
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

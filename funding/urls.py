"""Addresses of who pays, one list for each subject."""

from django.urls import URLPattern, URLResolver, path

from funding.views import cells, gaps, plans, versions

app_name = "funding"

PLANS: list[URLPattern | URLResolver] = [
    path("funding/", plans.plan_list, name="plan-list"),
    path("funding/new/", plans.plan_new, name="plan-new"),
    path("funding/<uuid:plan>/", plans.plan_page, name="plan-page"),
    path("funding/<uuid:plan>/gaps/", gaps.plan_gaps, name="plan-gaps"),
    path("funding/<uuid:plan>/what-if/", gaps.plan_scenario, name="plan-scenario"),
    path("funding/<uuid:plan>/history/", plans.plan_history, name="plan-history"),
    path("funding/<uuid:plan>/layout/", plans.plan_layout, name="plan-layout"),
    path("funding/<uuid:plan>/close/", plans.plan_close, name="plan-close"),
    path("funding/<uuid:plan>/services/new/", plans.service_new, name="service-new"),
    path("funding/<uuid:plan>/services/<int:element>/", plans.service_edit, name="service-edit"),
    path("funding/<uuid:plan>/services/<int:element>/out/", plans.service_out, name="service-out"),
    path("funding/<uuid:plan>/payers/new/", plans.source_new, name="source-new"),
    path("funding/<uuid:plan>/payers/<int:column>/", plans.source_edit, name="source-edit"),
    path("funding/<uuid:plan>/payers/<int:column>/out/", plans.source_out, name="source-out"),
]

CELLS: list[URLPattern | URLResolver] = [
    path("funding/<uuid:plan>/columns/<int:column>/", cells.column_fill, name="column-fill"),
    path("funding/<uuid:plan>/<int:element>/<int:column>/", cells.cell_page, name="cell-page"),
    path("funding/<uuid:plan>/<int:element>/<int:column>/notes/", cells.note_write, name="note-write"),
    path("funding/<uuid:plan>/notes/<int:remark>/answer/", cells.note_answer, name="note-answer"),
]

VERSIONS: list[URLPattern | URLResolver] = [
    path("funding/<uuid:plan>/versions/", versions.version_list, name="version-list"),
    path("funding/<uuid:plan>/versions/<int:version>/", versions.version_page, name="version-page"),
    path("funding/<uuid:plan>/versions/<int:version>/sign/", versions.version_sign, name="version-sign"),
]

BILLING: list[URLPattern | URLResolver] = []

urlpatterns = [*PLANS, *CELLS, *VERSIONS, *BILLING]

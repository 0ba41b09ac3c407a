"""Addresses of who pays, one list for each subject."""

from django.urls import URLPattern, URLResolver, path

from funding.views import (
    billing,
    cells,
    files,
    gaps,
    money,
    papers,
    plans,
    profile,
    rates,
    register,
    versions,
)

app_name = "funding"

PLANS: list[URLPattern | URLResolver] = [
    path("funding/", plans.plan_list, name="plan-list"),
    path("funding/new/", plans.plan_new, name="plan-new"),
    path("funding/<uuid:plan>/", plans.plan_page, name="plan-page"),
    path("funding/<uuid:plan>/plan.<file:file>", files.plan_file, name="plan-file"),
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

REGISTER: list[URLPattern | URLResolver] = [
    path("funding/register/", register.register_list, name="register-list"),
    path("funding/register/sources.<file:file>", register.register_file, name="register-file"),
    path("funding/register/new/", register.register_new, name="register-new"),
    path("funding/register/<uuid:source>/", register.register_page, name="register-page"),
    path("funding/register/<uuid:source>/history/", register.register_history, name="register-history"),
    path("funding/register/<uuid:source>/change/", register.register_edit, name="register-edit"),
    path("funding/register/<uuid:source>/take-off/", register.register_off, name="register-off"),
    path("funding/register/<uuid:source>/bring-back/", register.register_back, name="register-back"),
]

PROFILE: list[URLPattern | URLResolver] = [
    path("funding/profile/", profile.profile_page, name="profile-page"),
    path("funding/profile/change/", profile.profile_edit, name="profile-edit"),
]

CELLS: list[URLPattern | URLResolver] = [
    path("funding/<uuid:plan>/columns/<int:column>/", cells.column_fill, name="column-fill"),
    path("funding/<uuid:plan>/<int:element>/<int:column>/", cells.cell_page, name="cell-page"),
    path("funding/<uuid:plan>/<int:element>/<int:column>/notes/", cells.note_write, name="note-write"),
    path("funding/<uuid:plan>/<int:element>/<int:column>/links/", cells.link_new, name="link-new"),
    path("funding/<uuid:plan>/links/<int:link>/take-off/", cells.link_off, name="link-off"),
    path("funding/<uuid:plan>/notes/<int:remark>/answer/", cells.note_answer, name="note-answer"),
]

VERSIONS: list[URLPattern | URLResolver] = [
    path("funding/<uuid:plan>/versions/", versions.version_list, name="version-list"),
    path("funding/<uuid:plan>/versions/<int:version>/", versions.version_page, name="version-page"),
    path("funding/<uuid:plan>/versions/<int:version>/sign/", versions.version_sign, name="version-sign"),
]

PAPERS: list[URLPattern | URLResolver] = [
    path("funding/<uuid:plan>/pdf/", papers.plan_pdf, name="plan-pdf"),
    path("funding/<uuid:plan>/handout/", papers.handout_pdf, name="handout-pdf"),
    path("funding/<uuid:plan>/versions/<int:version>/pdf/", papers.version_pdf, name="version-pdf"),
]

BILLING: list[URLPattern | URLResolver] = [
    path("billing/", billing.billing_page, name="billing-page"),
    path("billing/examples/", billing.billing_examples, name="billing-examples"),
    path("billing/rules/", billing.billing_rules, name="billing-rules"),
    path("billing/rules/new/", billing.billing_edit, name="billing-edit"),
]

RATES: list[URLPattern | URLResolver] = [
    path("funding/rates/", rates.rate_list, name="rate-list"),
    path("funding/rates/new/", rates.rate_new, name="rate-new"),
    path("funding/rates/<uuid:schedule>/", rates.rate_page, name="rate-page"),
    path("funding/rates/<uuid:schedule>/change/", rates.rate_edit, name="rate-edit"),
    path("funding/rates/<uuid:schedule>/next/", rates.rate_next, name="rate-next"),
    path("funding/money/", money.money, name="money"),
]

urlpatterns = [*PLANS, *REGISTER, *RATES, *PROFILE, *CELLS, *VERSIONS, *PAPERS, *BILLING]

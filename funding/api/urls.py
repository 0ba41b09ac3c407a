"""Addresses of the API below /api/v1/<state>/ for who pays."""

from django.urls import URLPattern, URLResolver, path

from funding.api import billing, plans, rates, register

app_name = "funding-api"

BILLING: list[URLPattern | URLResolver] = [
    path("billing/", billing.BillingRules.as_view(), name="billing"),
    path("billing/advice/", billing.BillingAnswers.as_view(), name="billing-advice"),
    path("billing/examples/", billing.BillingExamples.as_view(), name="billing-examples"),
    path("billing/what-if/", billing.BillingWhatIf.as_view(), name="billing-what-if"),
]

CELL = "funding/<uuid:plan>/<int:element>/<int:column>/"
PLANS: list[URLPattern | URLResolver] = [
    path("funding/", plans.FundingPlans.as_view(), name="plans"),
    path("funding/<uuid:plan>/", plans.OneFundingPlan.as_view(), name="plan"),
    path("funding/<uuid:plan>/gaps/", plans.FundingGaps.as_view(), name="gaps"),
    path("funding/<uuid:plan>/versions/", plans.FundingVersions.as_view(), name="versions"),
    path("funding/<uuid:plan>/versions/<int:version>/sign/", plans.FundingSignature.as_view(), name="sign"),
    path("funding/<uuid:plan>/notes/<int:remark>/answer/", plans.FundingAnswer.as_view(), name="answer"),
    path(CELL, plans.FundingCell.as_view(), name="cell"),
    path(f"{CELL}notes/", plans.FundingNotes.as_view(), name="notes"),
]

REGISTER: list[URLPattern | URLResolver] = [
    path("funding/register/", register.FundingSources.as_view(), name="register"),
    path("funding/register/<uuid:source>/", register.OneFundingSource.as_view(), name="register-source"),
    path(
        "funding/register/<uuid:source>/take-off/", register.FundingSourceOff.as_view(), name="register-off"
    ),
    path(
        "funding/register/<uuid:source>/bring-back/",
        register.FundingSourceBack.as_view(),
        name="register-back",
    ),
]

RATES: list[URLPattern | URLResolver] = [
    path("funding/rates/", rates.PaymentSchedules.as_view(), name="rates"),
    path("funding/rates/<uuid:schedule>/", rates.OnePaymentSchedule.as_view(), name="rate"),
    path("funding/rates/<uuid:schedule>/next/", rates.NextPaymentSchedule.as_view(), name="rate-next"),
]

urlpatterns = [*BILLING, *PLANS, *REGISTER, *RATES]

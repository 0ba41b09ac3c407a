"""Addresses of the API below /api/v1/<state>/ for who pays."""

from django.urls import URLPattern, URLResolver, path

from funding.api import billing

app_name = "funding-api"

BILLING: list[URLPattern | URLResolver] = [
    path("billing/", billing.BillingRules.as_view(), name="billing"),
    path("billing/advice/", billing.BillingAnswers.as_view(), name="billing-advice"),
    path("billing/examples/", billing.BillingExamples.as_view(), name="billing-examples"),
    path("billing/what-if/", billing.BillingWhatIf.as_view(), name="billing-what-if"),
]

urlpatterns = [*BILLING]

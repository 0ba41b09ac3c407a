"""Addresses of who pays, one list for each subject."""

from django.urls import URLPattern, URLResolver, path

from funding.views import billing

app_name = "funding"

PLANS: list[URLPattern | URLResolver] = []

BILLING: list[URLPattern | URLResolver] = [
    path("billing/", billing.billing_page, name="billing-page"),
    path("billing/examples/", billing.billing_examples, name="billing-examples"),
    path("billing/rules/", billing.billing_rules, name="billing-rules"),
    path("billing/rules/new/", billing.billing_edit, name="billing-edit"),
]

urlpatterns = [*PLANS, *BILLING]

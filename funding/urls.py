"""Addresses of who pays, one list for each subject."""

from django.urls import URLPattern, URLResolver

app_name = "funding"

PLANS: list[URLPattern | URLResolver] = []

BILLING: list[URLPattern | URLResolver] = []

urlpatterns = [*PLANS, *BILLING]

"""Addresses of fidelity reviews, one list for each subject."""

from django.urls import URLPattern, URLResolver, path

from fidelity.views import rating

app_name = "fidelity"

RATING = [
    path("reviews/<uuid:review>/rate/", rating.review_rate, name="review-rate"),
    path("reviews/<uuid:review>/rate/<slug:item>/", rating.rating_save, name="rating-save"),
    path("reviews/<uuid:review>/check/", rating.review_check, name="review-check"),
]

urlpatterns: list[URLPattern | URLResolver] = [*RATING]

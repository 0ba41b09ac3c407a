"""The front doors. Everything under a state wears `agencies.access.door`."""

from django.urls import include, path

from ips_portal import views

urlpatterns = [
    path("", views.front_door, name="front-door"),
    path("health", views.health, name="health"),
    path("accounts/", include("allauth.urls")),
    path("<slug:state>/", include("agencies.urls")),
]

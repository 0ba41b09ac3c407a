"""The front doors. Everything under a state wears `agencies.access.door`."""

from django.urls import include, path

from agencies.api.states import StateList
from agencies.views.account import account
from agencies.views.invitations import invitation_page
from ips_portal import health, views
from ips_portal.api.schema import schema_json, schema_yaml
from ips_portal.notices.urls import mailbox
from outcomes.views.public import public_file, public_outcomes

urlpatterns = [
    path("", views.front_door, name="front-door"),
    path("health", views.health, {"probes": health.ALL}, name="health"),
    path("health/ready", views.health, {"probes": health.SERVES}, name="health-ready"),  # can serve pages
    path("health/live", views.health, name="health-live"),  # the process answers
    path("sw.js", views.service_worker, name="service-worker"),
    path("accounts/logout/", views.SignOut.as_view(), name="account_logout"),
    # Who signs in with which address is settled by an invitation, so allauth's pages for addresses are closed.
    path("accounts/email/", views.closed, name="account_email"),
    path("accounts/confirm-email/", views.closed, name="account_email_verification_sent"),
    path("accounts/confirm-email/<str:key>/", views.closed, name="account_confirm_email"),
    path("accounts/", include("allauth.urls")),
    path("account/", account, name="account"),
    path("invitation/<str:token>/", invitation_page, name="invitation"),
    path("mail/", include(mailbox)),
    path("help/", views.page, {"template": "pages/help.html"}, name="help"),
    path("accessibility/", views.page, {"template": "pages/accessibility.html"}, name="accessibility"),
    path("licenses/", views.page, {"template": "pages/licenses.html"}, name="licenses"),
    path("offline/", views.page, {"template": "offline.html"}, name="offline"),
    path("public/<slug:place>/outcomes/", public_outcomes, name="public-outcomes"),
    path("public/<slug:place>/outcomes.csv", public_file, name="public-outcomes-file"),
    path("api/v1/", StateList.as_view(), name="api-states"),
    path("api/v1/schema.json", schema_json, name="api-schema-json"),
    path("api/v1/schema.yaml", schema_yaml, name="api-schema-yaml"),
    path("api/v1/<slug:state>/", include("agencies.api.urls")),
    path("api/v1/<slug:state>/", include("fidelity.api.urls")),
    path("api/v1/<slug:state>/", include("outcomes.api.urls")),
    path("api/v1/<slug:state>/", include("funding.api.urls")),
    path("api/v1/<slug:state>/", include("ips_portal.reports.api")),
    path("api/v1/<slug:state>/", include("ips_portal.notices.api")),
    path("<slug:state>/", include("ips_portal.homes.urls")),
    path("<slug:state>/reports/", include("ips_portal.reports.urls")),
    path("<slug:state>/notices/", include("ips_portal.notices.urls")),
    path("<slug:state>/", include("fidelity.urls")),
    path("<slug:state>/", include("outcomes.urls")),
    path("<slug:state>/", include("funding.urls")),
    path("<slug:state>/", include("agencies.urls")),
]

handler400 = "ips_portal.views.bad_request"
handler404 = "ips_portal.views.not_found"
handler500 = "ips_portal.views.server_error"

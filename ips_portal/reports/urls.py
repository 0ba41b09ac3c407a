from django.urls import path

from ips_portal.reports import views

app_name = "reports"
urlpatterns = [
    path("", views.report_list, name="report-list"),
    path("<uuid:report>/", views.report_page, name="report-page"),
    path("<uuid:report>/again/", views.report_again, name="report-again"),
    path("<uuid:report>/download/", views.report_download, name="report-download"),
]

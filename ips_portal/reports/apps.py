from django.apps import AppConfig


class ReportsConfig(AppConfig):
    name = "ips_portal.reports"
    label = "reports"

from django.apps import AppConfig


class NoticesConfig(AppConfig):
    name = "ips_portal.notices"
    label = "notices"

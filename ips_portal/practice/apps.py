from django.apps import AppConfig


class PracticeConfig(AppConfig):
    name = "ips_portal.practice"
    label = "practice"

from django.apps import AppConfig


class HomesConfig(AppConfig):
    name = "ips_portal.homes"
    label = "homes"

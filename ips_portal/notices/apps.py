from importlib import import_module

from django.apps import AppConfig


class NoticesConfig(AppConfig):
    name = "ips_portal.notices"
    label = "notices"

    def ready(self) -> None:
        import_module("ips_portal.notices.listening").begin()  # needs the models, which are loaded by now

from importlib import import_module

from django.apps import AppConfig


class FundingConfig(AppConfig):
    name = "funding"

    def ready(self) -> None:
        # These need the models, which are loaded by now.
        for name in ("funding.nouns", "funding.notices", "funding.reports"):
            import_module(name).begin()

from importlib import import_module

from django.apps import AppConfig


class FundingConfig(AppConfig):
    name = "funding"

    def ready(self) -> None:
        # These need the models, which are loaded by now.
        import_module("funding.nouns").begin()
        import_module("funding.notices").begin()

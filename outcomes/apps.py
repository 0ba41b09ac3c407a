from importlib import import_module

from django.apps import AppConfig


class OutcomesConfig(AppConfig):
    name = "outcomes"

    def ready(self) -> None:
        # These need the models, which are loaded by now.
        import_module("outcomes.nouns").begin()
        import_module("outcomes.addresses").begin()
        import_module("outcomes.notices").begin()
        import_module("outcomes.reports").begin()
        import_module("outcomes.packs").begin()
        import_module("outcomes.sections").begin()

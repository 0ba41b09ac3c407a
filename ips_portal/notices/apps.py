from importlib import import_module

from django.apps import AppConfig

from agencies.audit import describe


class NoticesConfig(AppConfig):
    name = "ips_portal.notices"
    label = "notices"

    def ready(self) -> None:
        import_module("ips_portal.notices.listening").begin()  # needs the models, which are loaded by now
        describe(
            "notices_message",
            noun="message",
            fields={
                "subject": "subject",
                "address": "to",
                "status": "status",
                "sent_at": "sent",
                "failure": "why it was not sent",
            },
            hide={"notice", "key", "person_id", "name", "digest_id", "created_at"},
        )
        describe(
            "notices_preference",
            noun="choice of notices",
            fields={"pace": "what can wait"},
            hide={"person_id"},
        )

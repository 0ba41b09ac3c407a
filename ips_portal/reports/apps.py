from django.apps import AppConfig

from ips_portal.notices import register

READY = register.Notice(
    key="report-ready",
    event="A report you asked for is ready",
    to_whom="The person who asked for it",
    subject="{label} is ready: {team}",
    why="you asked for this report",
    facts=frozenset({"label", "team"}),
)


class ReportsConfig(AppConfig):
    name = "ips_portal.reports"
    label = "reports"

    def ready(self) -> None:
        register.register(READY)

from django.apps import AppConfig

from agencies.audit import describe
from ips_portal.notices import register
from ips_portal.notices.pacing import Pace

READY = register.Notice(
    key="report-ready",
    event="A report you asked for is ready",
    to_whom="The person who asked for it",
    subject="{label} is ready: {about}",
    why="you asked for this report",
    facts=frozenset({"label", "about"}),
    pace=Pace.AT_ONCE,
    button="Open the file's page",
)


class ReportsConfig(AppConfig):
    name = "ips_portal.reports"
    label = "reports"

    def ready(self) -> None:
        register.register(READY)
        describe_tables()


def describe_tables() -> None:
    """How the history of this app reads: who asked for what and took it, not how the worker went about it."""
    describe(
        "reports_reportrequest",
        noun="file asked for",
        fields={"title": "title", "failure": "why it was not made"},
        added="Asked for {title}.",
        hide={"status", "finished_at", "file_id"},
    )
    describe("reports_storedfile", noun="stored file", added="Kept a file of {size} bytes.")
    describe("reports_download", noun="download", added="Took the file {report_id}.")

"""The frame as a Django app: at start it makes the queue's settings known, and says how to build missing assets."""

from collections.abc import Sequence
from typing import Any

from django.apps import AppConfig
from django.core.checks import CheckMessage, Tags, Warning, register

from ips_portal import assets, celery


class PortalConfig(AppConfig):
    name = "ips_portal"

    def ready(self) -> None:
        celery.app.set_current()  # web processes ring by task name, through `ips_portal.bell`
        register(assets_are_built, Tags.staticfiles)


def assets_are_built(app_configs: Sequence[AppConfig] | None = None, **_: Any) -> list[CheckMessage]:
    if assets.is_current():
        return []
    missing = "are older than their sources" if (assets.BUILD / assets.STAMP).is_file() else "are not built"
    return [
        Warning(
            f"The style sheet, fonts and icons {missing}, so pages would come out undressed or not at all.",
            hint="Run: python manage.py assets",
            id="ips_portal.W001",
        )
    ]

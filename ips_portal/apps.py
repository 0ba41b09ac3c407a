"""The frame as a Django app: at start it makes the queue's settings known, and says how to build missing assets."""

import logging
from collections.abc import Sequence
from typing import Any

from django.apps import AppConfig
from django.conf import settings
from django.core.checks import CheckMessage, Tags, Warning, register

from ips_portal import assets, celery


class PortalConfig(AppConfig):
    name = "ips_portal"

    def ready(self) -> None:
        logging.captureWarnings(True)  # Python's own are lines like all others
        celery.app.set_current()  # web processes ring by task name, through `ips_portal.bell`
        register(assets_are_built, Tags.staticfiles)
        register(production_is_complete, Tags.security, deploy=True)


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


def production_is_complete(app_configs: Sequence[AppConfig] | None = None, **_: Any) -> list[CheckMessage]:
    """What the portal would start without, and what would then go wrong."""
    found: list[CheckMessage] = []
    if settings.TLS and not settings.TRUSTED_PROXIES:
        found.append(
            Warning(
                "BASE_URL is https and TRUSTED_PROXIES is empty, so every visitor would be sent to https for ever.",
                hint="Name the proxy that speaks TLS: TRUSTED_PROXIES=172.30.77.1",
                id="ips_portal.W002",
            )
        )
    if settings.MAIL_DIR or settings.EMAIL_HOST == "localhost":
        found.append(
            Warning(
                "Mail would not leave this machine, so nobody gets an invitation or a new password.",
                hint="Set EMAIL_URL, and do not set MAIL_DIR.",
                id="ips_portal.W003",
            )
        )
    return found

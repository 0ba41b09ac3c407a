"""Kinds of paper for the tests: an ordinary one, and ones that misbehave. A worker loads them with `--include`."""

import os
import signal
import time
from contextlib import suppress
from pathlib import Path
from typing import Any, NoReturn

from django.conf import settings

from agencies.models import StatePolicy, Team
from agencies.permissions import Resource
from ips_portal.reports import kinds


def content(team_id: int) -> dict[str, Any]:
    team = Team.objects.select_related("agency").get(pk=team_id)
    return {"team": team.name, "agency": team.agency.name}


def letter(content: dict[str, Any]) -> bytes:
    return b"%PDF-1.7 " + content["team"].encode() * 200


def poison(content: dict[str, Any]) -> NoReturn:
    os.kill(os.getpid(), signal.SIGKILL)
    raise AssertionError("unreachable")


def murder(content: dict[str, Any]) -> NoReturn:
    """Takes the worker's process with it."""
    os.kill(os.getppid(), signal.SIGKILL)
    time.sleep(60)
    raise AssertionError("unreachable")


def wrong(content: dict[str, Any]) -> bytes:
    raise ValueError("no such chart")


def greedy(content: dict[str, Any]) -> bytes:
    return bytes(2 * 1024**3)


def sign(name: str) -> Path:
    return Path(settings.DATA_DIR) / name


def slow(content: dict[str, Any]) -> bytes:
    """Begins, says so, and waits until it may go on."""
    sign("begun").touch()
    while not sign("go").exists():
        time.sleep(0.02)
    return letter(content)


def steady(content: dict[str, Any]) -> bytes:
    """Takes as long as a real report, so that whoever is killed is in the middle of one."""
    time.sleep(0.5)
    return letter(content)


def sockets() -> list[str]:
    """The sockets this process holds."""
    found = []
    for number in os.listdir("/proc/self/fd"):
        with suppress(FileNotFoundError):  # the one that listed them
            found.append(os.readlink(f"/proc/self/fd/{number}"))
    return [link for link in found if link.startswith("socket:")]


def connected(content: dict[str, Any]) -> bytes:
    return f"{len(sockets())} sockets".encode()


def rules(policy_id: int) -> dict[str, Any]:
    policy = StatePolicy.objects.select_related("state").get(pk=policy_id)
    return {"team": policy.name, "state": policy.state.name}


# Everybody in the state may read its record: only that it is about no team keeps the paper with those who lead.
kinds.register(
    kinds.ReportKind(
        key="statewide",
        label="Test statewide",
        resource=Resource.SHARED_OUTCOMES,
        subjects=StatePolicy.objects.visible_to,
        content=rules,
        renderer=f"{__name__}.letter",
        title=lambda content: f"Rules: {content['state']}",
        file_name=lambda content: f"rules {content['state']}",
        right="view",
    )
)

for renderer in (letter, poison, murder, wrong, greedy, slow, steady, connected):
    kinds.register(
        kinds.ReportKind(
            key=renderer.__name__,
            label=f"Test {renderer.__name__}",
            resource=Resource.FINAL_REPORT,
            subjects=Team.objects.visible_to,
            content=content,
            renderer=f"{__name__}.{renderer.__name__}",
            title=lambda content: f"Letter: {content['team']}",
            file_name=lambda content: f"letter {content['team']} é “1”",
        )
    )

"""/health says in words what is wrong, in less than three seconds, and nothing that is nobody's business."""

import socket
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psycopg
import pytest
from django.test import Client

from ips_portal import health
from tests import cluster


@pytest.fixture
def heard(broker_url: str) -> None:
    health.heard()


def asked(path: str = "/health") -> tuple[int, dict[str, str]]:
    answer = Client().get(path)
    return answer.status_code, dict(
        line.split(": ", 1) for line in answer.content.decode().splitlines() if ": " in line
    )


def test_all_is_well(db: None, heard: None) -> None:
    parts = ("database", "migrations", "broker", "worker", "disk")
    assert asked() == (200, dict.fromkeys(parts, "ok"))


def test_a_broker_that_is_away_still_lets_pages_be_served(db: None, settings: Any) -> None:
    settings.REDIS_URL = "redis://:canary-password@127.0.0.1:1/0"
    status, parts = asked()
    assert (status, parts["broker"], parts["database"]) == (503, "away", "ok")
    assert "canary" not in str(parts)
    assert asked("/health/ready")[0] == asked("/health/live")[0] == 200


def test_a_worker_that_fell_silent_is_missed(db: None, broker_url: str, monkeypatch: Any) -> None:
    assert "not heard of yet" in asked()[1]["worker"]
    health.heard()
    long_ago = time.time() + 300
    monkeypatch.setattr(health.time, "time", lambda: long_ago)
    status, parts = asked()
    assert status == 503
    assert parts["worker"].startswith(("not heard of for 300 s", "not heard of for 299 s"))


def test_a_migration_that_waits_is_named(db: None, heard: None, monkeypatch: Any) -> None:
    monkeypatch.setattr(health, "wanted", lambda: {("agencies", "0001_initial"), ("fidelity", "0099_next")})
    status, parts = asked("/health/ready")
    assert (status, parts["migrations"]) == (
        503,
        "1 not applied, first fidelity.0099_next. Run: manage.py migrate",
    )


def test_a_role_that_sees_every_state_is_no_health(db: None, settings: Any, monkeypatch: Any) -> None:
    run = cluster.current()
    monkeypatch.setitem(settings.DATABASES["default"], "USER", run.owner_name)
    monkeypatch.setitem(settings.DATABASES["default"], "PASSWORD", run.owner_password)
    status, parts = asked("/health/ready")
    assert status == 503
    assert "row-level security does not bind" in parts["database"]


def test_a_disk_that_fills_is_told_in_time(db: None, heard: None, monkeypatch: Any) -> None:
    monkeypatch.setattr(
        health.shutil, "disk_usage", lambda folder: health.shutil._ntuple_diskusage(100, 81, 19)
    )
    status, parts = asked()
    assert (status, parts["disk"][:35]) == (503, "the file storage is 81% full. Make ")


@pytest.fixture
def silent_server(tmp_path: Path, monkeypatch: Any) -> Iterator[str]:
    """Takes connections and never says a word, as a server does whose disk hangs."""
    with socket.socket(socket.AF_UNIX) as server:
        monkeypatch.chdir(tmp_path)  # the path of a socket must be short
        server.bind(".s.PGSQL.5432")
        server.listen(8)
        yield str(tmp_path)


def test_it_answers_in_time_when_the_servers_hang(
    db: None, settings: Any, monkeypatch: Any, silent_server: str
) -> None:
    monkeypatch.setitem(settings.DATABASES["default"], "HOST", silent_server)
    settings.REDIS_URL = f"unix://{silent_server}/.s.PGSQL.5432"
    began = time.monotonic()
    status, parts = asked()
    assert time.monotonic() - began < 3
    assert (status, parts["database"], parts["broker"]) == (503, "away, it does not answer", "away")
    assert asked("/health/live")[0] == 200


def test_it_answers_in_time_when_a_lock_holds_the_database(
    db: None, heard: None, owner_connection: psycopg.Connection[Any]
) -> None:
    began = time.monotonic()
    with owner_connection.transaction():
        owner_connection.execute("LOCK TABLE django_migrations IN ACCESS EXCLUSIVE MODE")
        status, parts = asked()
    assert time.monotonic() - began < 3
    assert status == 503
    assert parts["database"] != "ok"

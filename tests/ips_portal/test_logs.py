"""Every line is one line, carries the request's id, and says nothing that is nobody's business."""

import io
import json
import logging
import re
from collections.abc import Iterator
from typing import Any
from urllib.parse import unquote_to_bytes

import pytest
from django.conf import settings
from django.db import IntegrityError, connection
from django.test import Client
from django.urls import get_resolver

from ips_portal import celery, logs
from ips_portal.tasks import heard
from tests.architecture.test_http import TRICKS
from tests.cast import PASSWORD, StateCast, make_cast

CANARY = "canary-7f3a9b"


@pytest.fixture
def meridian(db: None) -> StateCast:
    return make_cast().meridian


@pytest.fixture
def lines() -> Iterator[Any]:
    """What the portal writes meanwhile, as production writes it."""
    stream = io.StringIO()
    handler = logging.StreamHandler(stream)
    handler.setFormatter(logs.JSONLines())
    logging.getLogger().addHandler(handler)
    yield lambda: [json.loads(line) for line in stream.getvalue().splitlines()]
    logging.getLogger().removeHandler(handler)


def test_an_answer_is_one_line_with_its_id(meridian: StateCast, lines: Any) -> None:
    answer = meridian.seen_by("leader").get("/meridian/teams/?q=canary")
    (line,) = lines()
    assert line["request_id"] == answer["X-Request-ID"]
    assert (line["method"], line["path"], line["status"]) == ("GET", "/meridian/teams/", 200)
    assert line["membership"] == meridian.memberships["leader"].pk
    assert line["duration_ms"] >= 0
    assert (line["level"], line["logger"], line["time"][-1]) == ("INFO", "ips_portal.requests", "Z")


@pytest.mark.parametrize(
    "path",
    [*TRICKS, "/a%0d%0aINFO forged/", "/%1b[31mred/", "/%e2%80%a8/", "/%c2%85/"],
    ids=lambda path: path[:30],
)
def test_no_path_forges_a_line(db: None, path: str) -> None:
    for formatter in (logs.JSONLines(), logs.ReadableLines()):
        stream = io.StringIO()
        handler = logging.StreamHandler(stream)
        handler.setFormatter(formatter)
        logging.getLogger("ips_portal.requests").addHandler(handler)
        Client().get("/", PATH_INFO=unquote_to_bytes(path).decode("latin-1"))
        logging.getLogger("ips_portal.requests").removeHandler(handler)
        written = stream.getvalue()
        assert len(written.splitlines()) <= 1
        assert "\x1b" not in written


def test_the_reference_on_an_error_page_is_found_in_the_log(db: None, lines: Any) -> None:
    """A page that is not found shows none: hidden and unknown records must look alike. Its header has it."""
    answer = Client().get("/", HTTP_HOST="evil.example")
    shown = answer.content.decode().split("operator: ")[1].split("<")[0].strip()
    assert [line["status"] for line in lines() if line.get("status") and line["request_id"] == shown] == [400]


def test_an_error_of_ours_has_its_place_and_its_reference(
    db: None, lines: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object) -> None:
        raise IntegrityError(f"Failing row contains (14, {CANARY}).")

    monkeypatch.setattr("ips_portal.views.states_of", broken)
    client = Client(raise_request_exception=False)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("ips_portal.views.render", broken)
        answer = client.get("/")
    failed, answered = lines()
    assert answer.status_code == answered["status"] == 500
    assert failed["request_id"] in answer.content.decode()
    assert failed["error"][0] == "django.db.utils.IntegrityError"
    assert any("broken" in place for place in failed["error"])
    assert CANARY not in json.dumps(failed)


def test_a_database_error_says_its_kind_and_never_the_row(db: None, lines: Any) -> None:
    try:
        with connection.cursor() as cursor:
            cursor.execute("INSERT INTO agencies_person (id, email) VALUES (1, %s)", [f"{CANARY}@x.example"])
    except IntegrityError:
        logging.getLogger("ips_portal").exception("not kept")
    (line,) = lines()
    assert CANARY not in json.dumps(line)
    assert line["error"][0] == "psycopg.errors.NotNullViolation (23502)"


def secret_lines() -> list[str]:
    password = settings.DATABASES["default"]["PASSWORD"]
    return [
        f"connecting to postgres://ips_app:{CANARY}@db/ips failed",
        f"redis://:{CANARY}@redis:6379/0 is away",
        f"Not Found: /invitation/{CANARY}/",
        f"Not Found: /accounts/password/reset/key/1-{CANARY}/",
        f"no seat for {CANARY}@agency.example",
        f"/meridian/teams/?q={CANARY} was refused",
    ] + [f"{secret} leaked" for secret in (settings.SECRET_KEY, password)]


@pytest.mark.parametrize("text", range(8))
def test_secrets_are_taken_out_of_messages(text: int, lines: Any) -> None:
    logging.getLogger("somebody.elses").warning("%s", secret_lines()[text])
    written = json.dumps(lines())
    assert CANARY not in written
    assert settings.SECRET_KEY not in written
    assert settings.DATABASES["default"]["PASSWORD"] not in written


def test_signing_in_and_failing_to_leave_no_secret(meridian: StateCast, lines: Any) -> None:
    email = meridian.people["leader"].email
    for password in (CANARY, PASSWORD):
        Client().post("/accounts/login/", {"login": email, "password": password})
    Client().post("/accounts/password/reset/", {"email": f"{CANARY}@agency.example"})
    Client().get(f"/invitation/{CANARY}/")
    Client().get("/", HTTP_AUTHORIZATION=f"Bearer {CANARY}", HTTP_COOKIE=f"sessionid={CANARY}")
    written = json.dumps(lines())
    assert len(lines()) >= 5
    for secret in (CANARY, email, meridian.people["leader"].name, PASSWORD):
        assert secret not in written


def test_every_address_that_is_a_key_is_known_here() -> None:
    """A route with a key in its path must be in `logs.KEYS`. The number of a row is no key."""

    def patterns(resolver: Any, before: str = "") -> Iterator[str]:
        for each in resolver.url_patterns:
            whole = before + str(each.pattern)
            yield from patterns(each, whole) if hasattr(each, "url_patterns") else [whole]

    keyed = [route for route in patterns(get_resolver()) if re.search(r"<(?!int:)[^>]*(token|key)>", route)]
    assert len(keyed) >= 2
    for route in keyed:
        path = "/" + route.replace("^", "").split("<")[0].split("(?P")[0] + CANARY
        assert CANARY not in logs.scrubbed(path), route


def test_a_task_carries_on_the_id_of_the_request_that_rang(lines: Any) -> None:
    headers: dict[str, object] = {}
    logs.follow(logs.Trail("0123456789abcdef", "POST", "/"))
    celery.take_the_trail_along(headers=headers)
    heard.push_request(**headers)
    celery.follow_the_trail(task=heard)
    logging.getLogger("ips_portal").info("made")
    celery.leave_the_trail()
    heard.pop_request()
    (line,) = lines()
    assert (line["request_id"], line["task"]) == ("0123456789abcdef", "portal.heard")


@pytest.mark.parametrize("forged", ["", "x" * 65, "a\nb-canary", None, 7, "short"])
def test_an_id_that_is_none_is_replaced(forged: object) -> None:
    assert logs.AN_ID.fullmatch(logs.an_id(forged))
    assert logs.an_id(forged) != forged

"""One line for each event, as JSON or for people. Each line carries the request's id, which error pages show.

A line never holds a name, an address, a token, a query or a count: of an error only its kind and the lines of code
are written, because a database's message repeats the row.
"""

import json
import logging
import re
import traceback
from collections.abc import Callable
from contextvars import ContextVar
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from secrets import token_hex
from time import monotonic
from typing import Any

from django.conf import settings
from django.core.signals import got_request_exception
from django.dispatch import receiver
from django.http import HttpRequest, HttpResponseBase

log = logging.getLogger("ips_portal.requests")

AN_ID = re.compile(r"[0-9A-Za-z-]{8,64}")
# The rest of these addresses is a key to something.
KEYS = re.compile(r"(/(?:invitation|accounts/password/reset/key|accounts/confirm-email)/).+", re.DOTALL)
ADDRESSES = re.compile(r"[^\s<>'\"/=,:]+@[^\s<>'\"/,:]+")
PASSWORDS = re.compile(r"(\w://[^:@/\s]*:)[^@/\s]+@")
QUERIES = re.compile(r"\?[^\s'\"]+")
UNREADABLE = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]")
NOT_WORTH_A_LINE = ("/static/", "/health")


@dataclass(frozen=True)
class Trail:
    """What lines written meanwhile belong to: a request, or a task that was rung for by one."""

    request_id: str = ""
    method: str = ""
    path: str = ""
    task: str = ""


NOWHERE = Trail()
_trail: ContextVar[Trail] = ContextVar("trail", default=NOWHERE)


def trail() -> Trail:
    return _trail.get()


def follow(wanted: Trail) -> None:
    _trail.set(wanted)


def an_id(given: object = "") -> str:
    """The id somebody trusted gave, if it is one; else a new one, short enough to be read out on the phone."""
    return given if isinstance(given, str) and AN_ID.fullmatch(given) else token_hex(8)


class RequestLogMiddleware:
    """Gives the request its id and writes one line when it has been answered."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        began = monotonic()
        request_id = an_id(request.META.get("HTTP_X_REQUEST_ID"))  # a stranger's was taken off before
        follow(Trail(request_id, str(request.method), request.path))
        response = self.get_response(request)
        response.headers["X-Request-ID"] = request_id
        if response.status_code >= 500 or not request.path.startswith(NOT_WORTH_A_LINE):
            answered(request, response, began)
        follow(NOWHERE)
        return response


def answered(request: HttpRequest, response: HttpResponseBase, began: float) -> None:
    level = logging.ERROR if response.status_code >= 500 else logging.INFO
    fields = {
        "status": response.status_code,
        "duration_ms": round((monotonic() - began) * 1000),
        "membership": getattr(getattr(request, "actor", None), "membership_id", None),
    }
    log.log(level, "answered", extra={"fields": fields})


@receiver(got_request_exception)
def failed(**_: object) -> None:
    """In the place of Django's own line, which comes when the request's id is gone."""
    log.exception("failed")


def reference(request: HttpRequest) -> dict[str, str]:
    """For templates: what a person reads out so that an operator finds the lines."""
    return {"reference": trail().request_id}


def scrubbed(text: str) -> str:
    for secret in secrets():
        text = text.replace(secret, "[secret]")
    text = PASSWORDS.sub(r"\1[secret]@", text)
    text = KEYS.sub(r"\1[key]", text)
    text = QUERIES.sub("?[query]", text)
    return ADDRESSES.sub("[address]", text)


def secrets() -> list[str]:
    """What this process knows and must never say."""
    passwords = [database.get("PASSWORD", "") for database in settings.DATABASES.values()]
    known = [settings.SECRET_KEY, settings.EMAIL_HOST_PASSWORD, settings.S3_SECRET_ACCESS_KEY, *passwords]
    return [secret for secret in known if len(secret) >= 8]


def told(record: logging.LogRecord) -> dict[str, Any]:
    """The parts of a line, without what must not be in it."""
    now = datetime.fromtimestamp(record.created, UTC)
    line: dict[str, Any] = {
        "time": now.isoformat(timespec="milliseconds").replace("+00:00", "Z"),
        "level": record.levelname,
        "logger": record.name,
        "message": scrubbed(record.getMessage()),
    }
    line |= {name: scrubbed(value) for name, value in asdict(trail()).items() if value}
    line |= {name: value for name, value in getattr(record, "fields", {}).items() if value is not None}
    return line


class JSONLines(logging.Formatter):
    def format(self, record: logging.LogRecord) -> str:
        line = told(record)
        if record.exc_info and record.exc_info[1]:
            line["error"] = described(record.exc_info[1])
        return json.dumps(line)


def described(error: BaseException) -> list[str]:
    """Kinds of errors with their lines of code, the cause first; never their words."""
    before = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
    frames = traceback.extract_tb(error.__traceback__)[-12:]
    places = [f"{frame.filename}:{frame.lineno} {frame.name}" for frame in frames]
    state = getattr(error, "sqlstate", None)
    kind = f"{type(error).__module__}.{type(error).__qualname__}" + (f" ({state})" if state else "")
    return [*(described(before) if before else []), kind, *places]


class ReadableLines(logging.Formatter):
    """For a terminal: a demo holds nobody's secrets, so errors keep their words there."""

    def format(self, record: logging.LogRecord) -> str:
        line = told(record)
        about = " ".join(f"{name}={value}" for name, value in list(line.items())[4:])
        text = f"{line['level']} {record.name} {line['message']} {about}".rstrip()
        text = UNREADABLE.sub(lambda found: found[0].encode("unicode_escape").decode(), text)
        return f"{text}\n{self.formatException(record.exc_info)}" if record.exc_info else text

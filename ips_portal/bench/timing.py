"""Requests over a socket of their own, timed in interleaved rounds: the client costs ours and the floor the same."""

import http.client
import statistics
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from ips_portal.bootstrap.places import Problem

Deed = Callable[[], float]  # does one thing and says how many milliseconds it took


@dataclass(frozen=True)
class Reply:
    status: int
    body: bytes
    location: str
    took: float


@dataclass(frozen=True)
class Caller:
    """One signed-in person. Every request opens a connection and closes it."""

    port: int
    cookies: Mapping[str, str]

    def send(self, method: str, path: str, body: bytes = b"", *, kind: str = "", expect: int = 200) -> Reply:
        headers = {
            "Host": f"localhost:{self.port}",
            "Cookie": "; ".join(f"{name}={value}" for name, value in self.cookies.items()),
            "X-CSRFToken": self.cookies.get("csrftoken", ""),
            "Connection": "close",
        } | ({"Content-Type": kind} if kind else {})
        started = time.perf_counter()
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        connection.request(method, path, body or None, headers)
        answer = connection.getresponse()
        content = answer.read()
        took = (time.perf_counter() - started) * 1000
        connection.close()
        if answer.status != expect:
            raise Problem(f"{method} {path} answered {answer.status}, not {expect}: {content[:600]!r}")
        return Reply(answer.status, content, answer.headers.get("Location", ""), took)

    def reading(self, path: str) -> Deed:
        return lambda: self.send("GET", path).took


@dataclass
class Rounds:
    """The times of several deeds, one list a round; each round does every deed in turn."""

    times: dict[str, list[list[float]]] = field(default_factory=dict)

    def p50(self, name: str) -> float:
        return statistics.median(statistics.median(times) for times in self.times[name])

    def tail(self, name: str) -> float:
        """p95 / p50: the median of the rounds, so that one neighbor's burst is not ours."""
        return statistics.median(percentile(times, 95) / percentile(times, 50) for times in self.times[name])


def percentile(times: list[float], percent: int) -> float:
    return statistics.quantiles(times, n=100, method="inclusive")[percent - 1]


WARM = 6  # each of two workers has seen the page before it counts


def interleaved(deeds: Mapping[str, Deed], *, rounds: int, times: int) -> Rounds:
    for deed in deeds.values():
        for _ in range(WARM):
            deed()
    measured = Rounds({name: [] for name in deeds})
    for _ in range(rounds):
        this: dict[str, list[float]] = {name: [] for name in deeds}
        for _ in range(times):
            for name, deed in deeds.items():
                this[name].append(deed())
        for name, took in this.items():
            measured.times[name].append(took)
    return measured

"""Draws in a process of its own, so that paper which hangs, eats memory or crashes takes nothing else with it.

The process is forked from a worker that has the renderer loaded already, sees neither the database nor the broker,
and has limits on memory, processor time and time by the clock.
"""

import logging
import math
import os
import resource
import select
import signal
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any, NoReturn

from django.utils.module_loading import import_string

log = logging.getLogger(__name__)

SECONDS = 50.0  # below the worker's own limit of 60
MEMORY = 512 * 1024 * 1024  # above what the worker holds already
PULSE = 10.0  # seconds between two signs of life
PAGE = os.sysconf("SC_PAGE_SIZE")
DRAWN, FAILED, TOO_BIG = b"d", b"f", b"m"
LENGTH = 8  # bytes that say how long the answer is, so that half of one is not taken for the whole


class Undrawable(Exception):
    """No paper came out; the text says why, in words for the person who asked."""


def draw(renderer: str, content: dict[str, Any], *, alive: Callable[[], None]) -> bytes:
    """The bytes of the paper. `alive` is called every few seconds; what it raises ends the drawing."""
    render = import_string(renderer)
    reader, writer = os.pipe()
    child = os.fork()
    if child == 0:
        _draw_and_leave(render, content, writer)
    os.close(writer)
    try:
        said = _listen(reader, alive)
    finally:
        os.close(reader)
        os.kill(child, signal.SIGKILL)  # no effect on one that has ended
        os.waitpid(child, 0)
    return _understand(said)


def _draw_and_leave(
    render: Callable[[dict[str, Any]], bytes], content: dict[str, Any], writer: int
) -> NoReturn:
    try:
        _confine(writer)
        try:
            mark, text = DRAWN, render(content)
        except MemoryError:
            mark, text = TOO_BIG, b""
        except Exception as error:
            log.exception("the renderer failed")
            mark, text = FAILED, type(error).__name__.encode()
        with os.fdopen(writer, "wb") as out:
            out.write(mark + len(text).to_bytes(LENGTH, "big"))
            out.write(text)
    finally:
        os._exit(0)


def _confine(writer: int) -> None:
    for number in (signal.SIGALRM, signal.SIGTERM, signal.SIGINT, signal.SIGUSR1):
        signal.signal(number, signal.SIG_DFL)
    signal.setitimer(signal.ITIMER_REAL, SECONDS + 5)  # ends it even when the worker is gone
    os.closerange(3, writer)
    os.closerange(writer + 1, resource.getrlimit(resource.RLIMIT_NOFILE)[0])
    held = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[0]) * PAGE
    _limit(resource.RLIMIT_AS, held + MEMORY)
    _limit(resource.RLIMIT_CPU, math.ceil(SECONDS))
    _limit(resource.RLIMIT_CORE, 0)


def _limit(which: int, wanted: int) -> None:
    _, most = resource.getrlimit(which)
    resource.setrlimit(which, (wanted if most == resource.RLIM_INFINITY else min(wanted, most), most))


def _listen(reader: int, alive: Callable[[], None]) -> bytes:
    end = time.monotonic() + SECONDS
    pulse = time.monotonic() + PULSE
    said = bytearray()
    while True:
        now = time.monotonic()
        if now >= end:
            raise Undrawable(f"Drawing it took longer than {SECONDS:.0f} seconds and was stopped.")
        if now >= pulse:
            alive()
            pulse = now + PULSE
        if not select.select([reader], [], [], max(0.0, min(end, pulse) - now))[0]:
            continue
        part = os.read(reader, 1 << 20)
        if not part:
            return bytes(said)
        said += part


def _understand(said: bytes) -> bytes:
    mark, length, text = said[:1], int.from_bytes(said[1 : 1 + LENGTH], "big"), said[1 + LENGTH :]
    if not mark or len(text) != length:
        raise Undrawable("The program that draws it stopped unexpectedly.")
    if mark == TOO_BIG:
        raise Undrawable("Drawing it needed more memory than one report may use.")
    if mark == FAILED:
        raise Undrawable(
            f"The program that draws it stopped with an error ({text.decode(errors='replace')})."
        )
    if not text:
        raise Undrawable("The program that draws it gave back an empty file.")
    return text

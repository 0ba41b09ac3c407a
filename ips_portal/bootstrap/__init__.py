"""From nothing but Python to the locked environment, where manage.py starts again.

Standard library only, and written so that Python 3.8 can still read it: an old Python gets a sentence, not a
SyntaxError.
"""

from __future__ import annotations

import os
import sys

from ips_portal.bootstrap import environment, machine, syslibs
from ips_portal.bootstrap.places import Problem

# What a command needs beyond the portal itself: see [dependency-groups] in pyproject.toml.
GROUPS = {"bench": ("embedded",), "demo": ("embedded",), "test": ("embedded", "dev")}


def enter(argv: list[str]) -> None:
    """Come back only inside the environment; anywhere else, prepare it and start manage.py again in it."""
    try:
        machine.check_python()
        command = argv[1] if len(argv) > 1 else ""
        restart = _prepare(command)
    except Problem as problem:
        sys.exit("\n" + str(problem))
    except KeyboardInterrupt:
        sys.exit("\nStopped. Nothing half-done is used: the next start continues from here.")
    if restart:
        sys.stdout.flush()
        python = str(environment.PYTHON)
        os.execv(python, [python, *argv])


def _prepare(command: str) -> bool:
    """Whether manage.py has to start again for the preparation to take effect."""
    inside = environment.is_inside()
    if command not in GROUPS:
        if inside:
            return False
        groups: tuple[str, ...] = ("embedded",)
    else:
        groups = GROUPS[command]
        machine.check_platform()
        machine.check_account()
        machine.check_folder()
    prepared = environment.prepare(groups)
    environment.share_certificates()
    found_libraries = syslibs.provide() if command in GROUPS else syslibs.use_unpacked()
    return prepared or found_libraries or not inside

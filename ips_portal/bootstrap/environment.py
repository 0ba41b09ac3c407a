"""The locked environment in .venv: made by uv from uv.lock, stamped, and made again when the lock changes."""

from __future__ import annotations

import hashlib
import json
import os
import sys
import time
from collections.abc import Sequence
from pathlib import Path

from ips_portal.bootstrap import installer
from ips_portal.bootstrap.machine import SPACE_TO_PREPARE, check_folder, check_space
from ips_portal.bootstrap.places import LOCAL, ROOT, Problem, explain, only_one, run, say

ENVIRONMENT = ROOT / ".venv"
PYTHON = ENVIRONMENT / "bin" / "python"
STAMP = ENVIRONMENT / "ips-portal.json"
SYSTEM_CERTIFICATES = Path("/etc/ssl/certs/ca-certificates.crt")


def is_inside() -> bool:
    return Path(sys.prefix).resolve() == ENVIRONMENT.resolve()


def prepare(groups: Sequence[str]) -> bool:
    """Make the environment fit the lock file; whether anything had to be done."""
    if is_ready(groups):
        return False
    check_folder()
    with only_one(LOCAL / "prepare.lock", "Another start is preparing the environment; waiting for it ..."):
        if is_ready(groups):
            return True
        check_space(ROOT, SPACE_TO_PREPARE)
        started = time.monotonic()
        print("Preparing the environment (once; about 100 MB to download, 400 MB on disk)", flush=True)
        wanted = sorted(set(groups) | _groups_there())
        _install(installer.uv(), wanted)
        STAMP.write_text(json.dumps(_stamp(wanted)))
        say(f"Environment ready after {time.monotonic() - started:.0f} s.")
    return True


def is_ready(groups: Sequence[str]) -> bool:
    stamp = _read_stamp()
    wanted = _stamp(groups)
    return (
        PYTHON.exists()
        and stamp.get("lock") == wanted["lock"]
        and set(groups) <= _stamped_groups(stamp)
        # Inside, the version is our own; outside, whichever Python made the environment is good enough.
        and (not is_inside() or stamp.get("python") == wanted["python"])
    )


def _stamp(groups: Sequence[str]) -> dict[str, object]:
    lock = hashlib.sha256((ROOT / "uv.lock").read_bytes()).hexdigest()
    return {"lock": lock, "python": "{}.{}".format(*sys.version_info[:2]), "groups": sorted(groups)}


def _read_stamp() -> dict[str, object]:
    try:
        stamp = json.loads(STAMP.read_text())
    except (OSError, ValueError):
        return {}
    return stamp if isinstance(stamp, dict) else {}


def _stamped_groups(stamp: dict[str, object]) -> set[str]:
    groups = stamp.get("groups")
    return {str(group) for group in groups} if isinstance(groups, list) else set()


def _groups_there() -> set[str]:
    """Groups installed before stay: a demo never takes the tools of the tests away."""
    tools = {"dev"} if (ENVIRONMENT / "bin" / "pytest").exists() else set()
    return _stamped_groups(_read_stamp()) | tools


def uv_variables() -> dict[str, str]:
    """uv reads no pip.conf and would fetch a Python from the network: say what it may use."""
    variables = dict(os.environ)
    variables.pop("VIRTUAL_ENV", None)
    variables.update(
        UV_PYTHON_DOWNLOADS="never",
        UV_PYTHON=str(getattr(sys, "_base_executable", sys.executable)),
        UV_PROJECT_ENVIRONMENT=str(ENVIRONMENT),
        UV_NO_PROGRESS="1",
    )
    has_certificates = SYSTEM_CERTIFICATES.exists() or "SSL_CERT_FILE" in os.environ
    variables["UV_SYSTEM_CERTS"] = "true" if has_certificates else "false"
    home = Path(os.environ.get("HOME", "/nonexistent"))
    if "UV_CACHE_DIR" not in variables and not os.access(str(home), os.W_OK):
        variables["UV_CACHE_DIR"] = str(LOCAL / "uv-cache")
    return variables


def share_certificates() -> None:
    """Node, which fetches the style sheet, trusts what the machine trusts, as pip and uv do."""
    authorities = os.environ.get("SSL_CERT_FILE") or str(SYSTEM_CERTIFICATES)
    if os.path.exists(authorities):
        os.environ.setdefault("NODE_EXTRA_CA_CERTS", authorities)


def _install(uv: Path, groups: Sequence[str]) -> None:
    chosen = [part for group in groups for part in ("--group", group)]
    say("Installing what uv.lock names ...")
    status, output = run([str(uv), "sync", "--frozen", *chosen], env=uv_variables())
    if status == 0:
        return
    say("uv could not; trying with pip, which knows this machine's mirrors ...")
    if not _install_with_pip(uv, chosen):
        raise Problem(explain("The packages could not be installed", output))


def _install_with_pip(uv: Path, chosen: Sequence[str]) -> bool:
    """The same locked versions and hashes, through pip and its configuration."""
    pip = installer.pip()
    if pip is None:
        return False
    requirements = LOCAL / "requirements.txt"
    export = [str(uv), "export", "--frozen", "--quiet", "--no-emit-project", "--no-default-groups"]
    steps = (
        [*export, *chosen, "--output-file", str(requirements)],
        [str(uv), "venv", "--quiet", "--allow-existing", str(ENVIRONMENT)],
        [
            *pip,
            "--python",
            str(PYTHON),
            "install",
            "--quiet",
            "--require-hashes",
            "--retries",
            "1",
            "-r",
            str(requirements),
        ],
    )
    return all(run(step, env=uv_variables())[0] == 0 for step in steps)

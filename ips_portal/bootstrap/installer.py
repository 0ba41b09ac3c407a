"""Gets uv, pinned by version and hash, into .local/uv without touching the machine's own Python."""

from __future__ import annotations

import hashlib
import os
import platform
import re
import shutil
import subprocess
import sys
import tempfile
import urllib.parse
import urllib.request
import zipfile
from collections.abc import Callable
from pathlib import Path

from ips_portal.bootstrap.places import LOCAL, Problem, explain, run, say

VERSION = "0.13.9"
PLACE = LOCAL / "uv"
UV = PLACE / "bin" / "uv"
PIP_CERTIFICATES = ("python3-venv", "ca-certificates")
# The wheel for each machine and its hash, as the package index lists them.
WHEELS: dict[str, tuple[str, str]] = {
    "x86_64": (
        "uv-0.13.9-py3-none-manylinux_2_17_x86_64.manylinux2014_x86_64.whl",
        "d7f459fe4fd247d830351c75686d3996ace3c6f3f728eb0e85a30b7ada0cef19",
    ),
    "aarch64": (
        "uv-0.13.9-py3-none-manylinux_2_28_aarch64.whl",
        "ecb6028d79dc96fbeafffe5c8af62a7099487ebc05a701e76714eebcffd06375",
    ),
}


def uv() -> Path:
    """The pinned uv, installed by the first of these ways that this Python offers."""
    if _is_there():
        return UV
    say(f"Fetching the installer, uv {VERSION} ...")
    output = ""
    ways: list[Callable[[], str | None]] = [_with_venv, _with_pip, _by_download, _with_system_packages]
    for way in ways:
        failure = way()
        if _is_there():
            return UV
        output += (failure or "") + "\n"
    remedy = (
        ""
        if _has_venv()
        else f"\n  Or give this Python what it lacks:  apt-get install {' '.join(PIP_CERTIFICATES)}"
    )
    raise Problem(explain("The installer uv could not be fetched", output) + remedy)


def pip() -> list[str] | None:
    """A pip to fall back on: the private one, or this Python's."""
    for python in (str(PLACE / "bin" / "python"), sys.executable):
        if os.path.exists(python) and _succeeds([python, "-m", "pip", "--version"]):
            return [python, "-m", "pip"]
    return None


def _is_there() -> bool:
    try:
        answer = subprocess.run([str(UV), "--version"], capture_output=True, text=True, check=False)
    except OSError:
        return False
    return VERSION in answer.stdout


def _succeeds(command: list[str]) -> bool:
    return subprocess.run(command, capture_output=True, check=False).returncode == 0


def _requirement(folder: Path) -> list[str]:
    """Arguments that make pip check the hash."""
    wanted = folder / "uv-requirement.txt"
    hashes = " ".join("--hash=sha256:" + digest for _, digest in WHEELS.values())
    wanted.write_text(f"uv=={VERSION} {hashes}\n")
    return ["install", "--quiet", "--disable-pip-version-check", "--retries", "1", "-r", str(wanted)]


def _has_venv() -> bool:
    return _succeeds([_base_python(), "-c", "import venv, ensurepip"])


def _base_python() -> str:
    """Not the environment's own Python, which is about to be replaced."""
    return str(getattr(sys, "_base_executable", sys.executable))


def _with_venv() -> str | None:
    if not _has_venv():
        return None
    status, output = run([_base_python(), "-m", "venv", "--clear", str(PLACE)])
    if status == 0:
        _, output = run([str(PLACE / "bin" / "python"), "-m", "pip", *_requirement(LOCAL)])
    return output


def _with_pip() -> str | None:
    """Debian's Python may have pip but no venv."""
    if not _succeeds([sys.executable, "-m", "pip", "--version"]):
        return None
    with tempfile.TemporaryDirectory(dir=str(LOCAL)) as folder:
        _, output = run([sys.executable, "-m", "pip", *_requirement(LOCAL), "--target", folder])
        _move(Path(folder) / "bin" / "uv")
    return output


def _with_system_packages() -> str | None:
    if _has_venv() or os.getuid() != 0 or shutil.which("apt-get") is None:
        return None
    say("This Python lacks venv; installing {} ...".format(" and ".join(PIP_CERTIFICATES)))
    run(["apt-get", "update", "-qq"])
    env = dict(os.environ, DEBIAN_FRONTEND="noninteractive")
    status, output = run(
        ["apt-get", "install", "-y", "-qq", "--no-install-recommends", *PIP_CERTIFICATES], env=env
    )
    return _with_venv() if status == 0 else output


def _by_download() -> str | None:
    """Straight from the package index, for a Python that has neither venv nor pip."""
    name, digest = WHEELS.get(platform.machine(), ("", ""))
    try:
        content = _fetch_listed(name)
        if hashlib.sha256(content).hexdigest() != digest:
            return f"{name} does not have the expected hash"
        with tempfile.TemporaryDirectory(dir=str(LOCAL)) as folder:
            wheel = Path(folder) / name
            wheel.write_bytes(content)
            with zipfile.ZipFile(str(wheel)) as archive:
                member = f"uv-{VERSION}.data/scripts/uv"
                _move(Path(archive.extract(member, folder)))
    except (OSError, KeyError, ValueError, zipfile.BadZipFile) as error:
        return str(error)
    return None


def _fetch_listed(name: str) -> bytes:
    """Find the file on the index's page for uv (PEP 503) and fetch it."""
    index = os.environ.get("PIP_INDEX_URL", "https://pypi.org/simple").rstrip("/") + "/uv/"
    if not index.startswith(("https://", "http://")):
        raise ValueError("PIP_INDEX_URL is not a web address")
    page = _fetch(index).decode()
    link = re.search(f'href="([^"#]*{re.escape(name)})', page)
    if not name or link is None:
        raise ValueError("no matching distribution of uv on the index")
    return _fetch(urllib.parse.urljoin(index, link.group(1)))


def _fetch(address: str) -> bytes:
    with urllib.request.urlopen(address, timeout=30) as answer:  # noqa: S310  (an http address, checked above)
        return bytes(answer.read())


def _move(program: Path) -> None:
    if program.exists():
        UV.parent.mkdir(parents=True, exist_ok=True)
        program.chmod(0o755)
        program.replace(UV)

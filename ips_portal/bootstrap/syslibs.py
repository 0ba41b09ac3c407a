"""The libraries WeasyPrint draws PDFs with: the machine's own, installed as root, or unpacked in .local.

WeasyPrint needs Pango and HarfBuzz, no cairo and no gdk-pixbuf; libharfbuzz-subset keeps the files small.
"""

from __future__ import annotations

import ctypes
import os
import shutil

from ips_portal.bootstrap.places import LOCAL, Problem, only_one, run, say

PACKAGES = ("libpango-1.0-0", "libpangoft2-1.0-0", "libharfbuzz-subset0")
SONAMES = (
    "libgobject-2.0.so.0",
    "libpango-1.0.so.0",
    "libpangoft2-1.0.so.0",
    "libharfbuzz.so.0",
    "libfontconfig.so.1",
)
UNPACKED = LOCAL / "syslibs"


def provide() -> bool:
    """Make the libraries loadable; whether manage.py must start again to see them."""
    if not missing():
        return False
    if use_unpacked():
        return True
    with only_one(LOCAL / "prepare.lock", "Another start is fetching the PDF libraries; waiting for it ..."):
        if not missing():
            return False
        say("Fetching the PDF libraries ({}) ...".format(", ".join(PACKAGES)))
        if _install_as_root():
            return False
        _unpack_here()
    if use_unpacked():
        return True
    raise Problem(
        f"The libraries for PDFs are missing: {', '.join(missing())}.\n"
        f"  Install them:  apt-get install --no-install-recommends {' '.join(PACKAGES)}\n"
        "  On other systems: Pango 1.44 or newer with its FreeType part, and HarfBuzz."
    )


def missing() -> list[str]:
    return [soname for soname in SONAMES if not _loads(soname)]


def _loads(soname: str) -> bool:
    try:
        ctypes.CDLL(soname)
    except OSError:
        return False
    return True


def use_unpacked() -> bool:
    """Point the loader at the unpacked libraries, if there are any it does not know yet."""
    folders = sorted(str(folder) for folder in UNPACKED.glob("**/lib/*-linux-gnu") if folder.is_dir())
    known = os.environ.get("LD_LIBRARY_PATH", "").split(":")
    if not folders or set(folders) <= set(known):
        return False
    os.environ["LD_LIBRARY_PATH"] = ":".join(folders + [folder for folder in known if folder])
    return True


def _install_as_root() -> bool:
    if os.getuid() != 0 or shutil.which("apt-get") is None:
        return False
    env = dict(os.environ, DEBIAN_FRONTEND="noninteractive")
    install = ["apt-get", "install", "-y", "-qq", "--no-install-recommends", *PACKAGES]
    if run(install, env=env)[0] != 0:  # the package lists may be missing or old
        run(["apt-get", "update", "-qq"], env=env)
        run(install, env=env)
    return not missing()


def _unpack_here() -> None:
    """Download the same packages with all they need, and unpack them without installing anything."""
    if shutil.which("apt-get") is None or shutil.which("dpkg-deb") is None:
        return
    work = LOCAL / "syslibs-work"
    archives = work / "cache" / "archives"
    for folder in (work / "lists" / "partial", archives / "partial"):
        folder.mkdir(parents=True, exist_ok=True)
    apt = ["apt-get", "-qq", "-o", "Debug::NoLocking=1", "-o", "APT::Sandbox::User="]
    apt += ["-o", "Dir::State::lists={}".format(work / "lists"), "-o", "Dir::Cache={}".format(work / "cache")]
    run([*apt, "update"])
    run([*apt, "install", "-y", "--no-install-recommends", "--download-only", *PACKAGES])
    fresh = LOCAL / "syslibs-fresh"
    shutil.rmtree(str(fresh), ignore_errors=True)
    done = [run(["dpkg-deb", "-x", str(package), str(fresh)])[0] == 0 for package in archives.glob("*.deb")]
    if done and all(done):
        shutil.rmtree(str(UNPACKED), ignore_errors=True)
        fresh.rename(UNPACKED)
    shutil.rmtree(str(work), ignore_errors=True)

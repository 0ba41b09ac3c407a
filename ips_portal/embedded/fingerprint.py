"""Has anything changed since the last start that migrations, practice states or assets depend on?"""

import hashlib
from collections.abc import Iterable
from pathlib import Path

from ips_portal.bootstrap.places import ROOT

APPS = ("ips_portal", "agencies", "fidelity", "outcomes", "funding")
KINDS = (".py", ".yaml", ".csv", ".sql", ".json", ".scss", ".js", ".lock")
BUILT = ("build", "node_modules", "__pycache__")


def of_program(root: Path = ROOT) -> str:
    """A digest of every file the prepared database and assets are made from."""
    return _digest(root, _files(root, (*APPS, "static")))


def _files(root: Path, folders: Iterable[str]) -> list[Path]:
    found = [path for folder in folders for path in (root / folder).rglob("*") if path.suffix in KINDS]
    kept = [path for path in found if not set(BUILT) & set(path.relative_to(root).parts)]
    return sorted([*kept, root / "uv.lock"])


def _digest(root: Path, files: Iterable[Path]) -> str:
    digest = hashlib.sha256()
    for path in files:
        content = path.read_bytes()
        digest.update(f"{path.relative_to(root)}\0{len(content)}\0".encode())
        digest.update(content)
    return digest.hexdigest()

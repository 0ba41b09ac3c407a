"""Has anything changed since the last start that migrations, practice states or assets depend on?"""

import hashlib
import re
from collections.abc import Iterable
from pathlib import Path

from ips_portal.bootstrap.places import ROOT

APPS = ("ips_portal", "agencies", "fidelity", "outcomes", "funding")
KINDS = (".py", ".yaml", ".csv", ".sql", ".json", ".scss", ".js", ".lock")
BUILT = ("build", "node_modules", "__pycache__")


def of_program(root: Path = ROOT) -> str:
    """A digest of every file the prepared database and assets are made from."""
    return _digest(root, _files(root, (*APPS, "static")))


def of_tables(root: Path = ROOT) -> str:
    """A digest of the migrations and of every file of ours they import or may read."""
    migrations = [path for app in APPS for path in (root / app).rglob("migrations/*.py")]
    data = [path for path in _files(root, APPS) if path.suffix in (".yaml", ".csv", ".sql", ".lock")]
    return _digest(root, sorted({*data, *_with_imports(root, migrations)}))


def of_migrations(root: Path = ROOT) -> dict[str, str]:
    """Each migration's digest by its path. One that was applied and has changed since will not be applied again."""
    found = [path for app in APPS for path in (root / app).rglob("migrations/*") if path.suffix in KINDS]
    return {str(path.relative_to(root)): _digest(root, [path]) for path in sorted(found)}


def _with_imports(root: Path, files: Iterable[Path]) -> set[Path]:
    """The files and, step by step, the modules of ours they import."""
    found: set[Path] = set()
    waiting = list(files)
    while waiting:
        path = waiting.pop()
        if path in found:
            continue
        found.add(path)
        names = re.findall(r"^\s*(?:from|import)\s+([\w.]+)", path.read_text(), re.MULTILINE)
        waiting += [module for name in names for module in _modules(root, name)]
    return found


def _modules(root: Path, name: str) -> list[Path]:
    if name.split(".")[0] not in APPS:
        return []
    place = root.joinpath(*name.split("."))
    return [path for path in (place.with_suffix(".py"), *place.glob("*.py")) if path.is_file()]


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

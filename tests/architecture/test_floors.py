"""The floors of the house hold, and the contract that checks them forgets no file."""

import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]


def contracts(root: Path) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        [str(Path(sys.executable).with_name("lint-imports")), "--no-cache"],
        cwd=root,
        capture_output=True,
        text=True,
    )


def test_nothing_imports_upstairs() -> None:
    result = contracts(ROOT)
    assert result.returncode == 0, result.stdout[-3000:]


def test_every_core_module_of_agencies_is_on_its_floor() -> None:
    floors = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"]["contracts"][0][
        "layers"
    ]
    listed = {module.strip(" ()") for floor in floors for module in floor.split(":")}
    present = {
        f"agencies.{path.stem}" for path in (ROOT / "agencies").glob("[a-z]*") if path.suffix in ("", ".py")
    }
    assert present - {"agencies.migrations"} <= listed


def test_a_planted_import_upstairs_is_found(tmp_path: Path) -> None:
    for name in ("pyproject.toml", "ips_portal", "agencies", "fidelity", "outcomes", "funding"):
        (tmp_path / name).symlink_to(ROOT / name)
    (tmp_path / "fidelity").unlink()
    subprocess.run(["cp", "-r", str(ROOT / "fidelity"), str(tmp_path / "fidelity")], check=True)
    with (tmp_path / "fidelity" / "scoring.py").open("a") as scoring:
        scoring.write("\nfrom fidelity import models\n")
    result = contracts(tmp_path)
    assert result.returncode != 0
    assert "fidelity.scoring" in result.stdout


@pytest.mark.parametrize("name", ["utils", "helpers", "common", "core", "misc"])
def test_no_room_without_a_subject(name: str) -> None:
    assert not [
        path for app in ("ips_portal", "agencies", "fidelity") for path in (ROOT / app).rglob(f"{name}*")
    ]

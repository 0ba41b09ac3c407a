"""From nothing but Python to the environment: each refusal says what to do."""

import ast
import json
import subprocess
import sys
from pathlib import Path

import pytest

from ips_portal.bootstrap import environment, installer, machine, places, syslibs
from ips_portal.bootstrap.places import ROOT, Problem

BEFORE_THE_ENVIRONMENT = [ROOT / "manage.py", *sorted((ROOT / "ips_portal" / "bootstrap").glob("*.py"))]


@pytest.mark.parametrize("path", BEFORE_THE_ENVIRONMENT, ids=lambda path: path.name)
def test_an_old_python_can_read_what_runs_first(path: Path) -> None:
    ast.parse(path.read_text(), feature_version=(3, 8))


@pytest.mark.parametrize("path", BEFORE_THE_ENVIRONMENT, ids=lambda path: path.name)
def test_what_runs_first_needs_the_standard_library_alone(path: Path) -> None:
    tree = ast.parse(path.read_text())
    names = {alias.name for node in ast.walk(tree) if isinstance(node, ast.Import) for alias in node.names}
    names |= {node.module or "" for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)}
    foreign = {name for name in names if name.split(".")[0] not in sys.stdlib_module_names}
    assert all(name == "ips_portal" or name.startswith("ips_portal.bootstrap") for name in foreign)


def test_an_old_python_is_refused_with_the_version_it_needs() -> None:
    with pytest.raises(Problem, match=r"Python 3.8 is too old: the portal needs Python 3.11"):
        machine.check_python((3, 8))


@pytest.mark.parametrize(
    ("system", "processor", "libc"),
    [
        ("darwin", "arm64", ("", "")),
        ("linux", "armv7l", ("glibc", "2.36")),
        ("linux", "x86_64", ("", "")),  # musl
        ("linux", "x86_64", ("glibc", "2.17")),
    ],
)
def test_a_platform_without_binaries_is_refused_with_a_way_out(
    system: str, processor: str, libc: tuple[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("DATABASE_URL")
    with pytest.raises(Problem, match="docker-compose"):
        machine.check_platform(system, processor, libc)


def test_debian_12_on_both_processors_is_accepted() -> None:
    machine.check_platform("linux", "x86_64", ("glibc", "2.36"))
    machine.check_platform("linux", "aarch64", ("glibc", "2.36"))


def test_an_account_without_a_name_is_refused_before_anything_starts(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("DATABASE_URL")
    with pytest.raises(Problem, match="number 4242424 has no name"):
        machine.check_account(4242424)


def test_an_account_without_a_name_may_use_servers_it_was_given(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_URL", "postgres://app@db/ips")
    monkeypatch.setenv("REDIS_URL", "redis://broker")
    machine.check_account(4242424)


def test_a_folder_that_cannot_be_written_is_refused(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(Problem, match="cannot be written"):
        machine.check_folder(tmp_path / "file" / "inside")


def test_a_full_disk_is_refused_before_it_breaks_something(tmp_path: Path) -> None:
    with pytest.raises(Problem, match="Free at least 1 GB"):
        machine.check_space(tmp_path, least=2**62)


@pytest.mark.parametrize(
    ("said", "advice"),
    [
        ("error: dns error: failed to lookup address", places.NETWORK),
        ("ERROR: No matching distribution found for uv==0.13.9", places.NETWORK),
        ("invalid peer certificate: UnknownIssuer", places.NETWORK),
        ("error: failed to write: No space left on device (os error 28)", places.DISK),
        ("Read-only file system (os error 30)", places.READ_ONLY),
        ("x.so: failed to map segment from shared object", places.NO_EXECUTION),
    ],
)
def test_what_a_failed_program_said_becomes_advice(said: str, advice: str) -> None:
    text = places.explain("The packages could not be installed", said)
    assert said in text
    assert advice in text


def test_the_environment_is_ready_only_for_this_lock_and_these_groups(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    stamp = tmp_path / "stamp.json"
    monkeypatch.setattr(environment, "STAMP", stamp)
    assert not environment.is_ready(["embedded"])
    stamp.write_text(json.dumps(environment._stamp(["embedded"])))
    assert environment.is_ready(["embedded"])
    assert not environment.is_ready(["embedded", "dev"])
    stamp.write_text(json.dumps({**environment._stamp(["embedded"]), "lock": "of yesterday"}))
    assert not environment.is_ready(["embedded"])


def test_the_installer_is_never_the_newest_one_but_the_pinned_one(tmp_path: Path) -> None:
    arguments = installer._requirement(tmp_path)
    requirement = Path(arguments[-1]).read_text()
    assert f"uv=={installer.VERSION}" in requirement
    assert requirement.count("--hash=sha256:") == len(installer.WHEELS)


def test_a_second_preparation_waits_and_says_so(tmp_path: Path) -> None:
    program = (
        "import sys; from pathlib import Path; from ips_portal.bootstrap.places import only_one\n"
        "with only_one(Path(sys.argv[1]), 'waiting'): print('mine', flush=True); sys.stdin.read()\n"
    )
    command = [sys.executable, "-c", program, str(tmp_path / "lock")]
    with subprocess.Popen(command, cwd=ROOT, stdin=-1, stdout=-1, text=True) as first:
        assert first.stdout
        assert first.stdin
        assert first.stdout.readline() == "mine\n"
        with subprocess.Popen(command, cwd=ROOT, stdin=-1, stdout=-1, text=True) as second:
            assert second.stdout
            assert second.stdout.readline() == "  waiting\n"
            first.stdin.close()
            assert second.communicate("")[0] == "mine\n"


def test_unpacked_libraries_are_offered_to_the_loader_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "usr" / "lib" / "x86_64-linux-gnu").mkdir(parents=True)
    monkeypatch.setattr(syslibs, "UNPACKED", tmp_path)
    monkeypatch.setenv("LD_LIBRARY_PATH", "/opt/lib")
    assert syslibs.use_unpacked()
    assert not syslibs.use_unpacked()

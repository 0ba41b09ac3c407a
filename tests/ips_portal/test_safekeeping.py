"""A back-up that was made can be restored, row by row; and whatever is wrong with one turns the drill red."""

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import psycopg
import pytest
from psycopg import sql

from ips_portal.bootstrap.places import ROOT
from ips_portal.embedded import roles
from ips_portal.embedded.children import Child, wait_until
from ips_portal.embedded.roles import Role
from ips_portal.practice.visitor import sign_in
from ips_portal.reports.storage import digest
from ips_portal.safekeeping import census, programs, storing
from tests import cluster
from tests.ips_portal.site import SERVE
from tests.portal import free_port

BACKUP = Role("ips_test_backup", "only-for-tests")
READER = Role("ips_test_reader", "only-for-tests")  # reads every table, but row-level security binds it


@dataclass(frozen=True)
class Source:
    """The practice states, the addresses they answer to, and one good back-up of them."""

    env: dict[str, str]
    backups: Path
    database: str

    @property
    def newest(self) -> Path:
        return max(self.backups.glob("2*Z"))

    def command(self, *words: str, **env: str) -> "subprocess.CompletedProcess[str]":
        command = [sys.executable, "manage.py", *words]
        return subprocess.run(command, cwd=ROOT, env={**self.env, **env}, capture_output=True, text=True)


def keep(place: Path, content: bytes) -> None:
    place.parent.mkdir(parents=True, exist_ok=True)
    place.write_bytes(content)


@pytest.fixture(scope="module")
def source(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Source]:
    data, run = cluster.practice_data(), cluster.current()
    database = f"{run.practice}_kept"
    cluster.reclone(run.practice, database)
    with psycopg.connect(run.address(run.roles.owner, database)) as owner:
        owner.execute("SELECT agencies_seal_changes(id) FROM agencies_state")
        owner.execute(
            "UPDATE agencies_team SET name = name || ' '"
        )  # sealed in the next minute, or after a restore
    with psycopg.connect(run.admin, autocommit=True) as admin:
        for role, right in ((BACKUP, "BYPASSRLS"), (READER, "NOBYPASSRLS")):
            name = sql.Identifier(role.name)
            admin.execute(sql.SQL("DROP ROLE IF EXISTS {}").format(name))
            made = sql.SQL("CREATE ROLE {} LOGIN {} PASSWORD {} IN ROLE pg_read_all_data")
            admin.execute(made.format(name, sql.SQL(right), sql.Literal(role.password)))
            on = sql.SQL("GRANT CONNECT ON DATABASE {} TO {}").format(sql.Identifier(database), name)
            admin.execute(on)
    own = tmp_path_factory.mktemp("source") / "data"
    shutil.copytree(data, own)
    for number in range(12):
        content = f"paper {number}".encode()
        keep(own / "files" / f"1/{digest(content)[:2]}/{digest(content)}", content)
    keep(own / "files" / f"meridian/logo-{digest(b'logo')}.png", b"logo")
    env = {
        **cluster.surroundings(run, database),
        "BACKUP_DATABASE_URL": run.address(BACKUP, database),
        "DATA_DIR": str(own),
    }
    source = Source(env, tmp_path_factory.mktemp("backups"), database)
    done = source.command("backup", str(source.backups))
    assert done.returncode == 0, done.stderr
    yield source
    with psycopg.connect(run.admin, autocommit=True) as admin:
        for role in (BACKUP, READER):
            admin.execute(sql.SQL("DROP OWNED BY {0}; DROP ROLE {0}").format(sql.Identifier(role.name)))


@pytest.fixture
def copy(source: Source, tmp_path: Path) -> Path:
    """A copy of the good back-up, to be spoiled."""
    shutil.copytree(source.backups, tmp_path / "backups")
    return max((tmp_path / "backups").glob("2*Z"))


def test_a_good_backup_is_restored_row_by_row_in_an_empty_cluster(source: Source) -> None:
    done = source.command("restore_drill", str(source.backups))
    assert done.returncode == 0, done.stderr
    assert "GREEN" in done.stdout
    assert "The chains of history go on" in done.stdout
    assert "One row changed by one unit was found" in done.stdout
    backup = storing.read(source.newest)
    assert backup.census["rows of agencies_state"].startswith("4 rows")
    assert len([name for name in backup.census if name.startswith("rows of ")]) >= 30
    assert len(backup.files) == 14
    assert (source.newest / "database.dump").stat().st_mode & 0o077 == 0


def dump_as(role: Role, database: str, folder: Path) -> None:
    """The mistake of trust.md 1.4: it ends without an error and holds no rows."""
    run = cluster.current()
    env = {**os.environ, "PGPASSWORD": role.password}
    command = [programs.find("pg_dump", 180000), "--format=custom", "--enable-row-security"]
    address = run.address(role, database)
    subprocess.run([*command, f"--file={folder / storing.DUMP}", address], env=env, check=True)
    backup = json.loads((folder / storing.ABOUT).read_text())
    changed = {**backup, "dump_sha256": storing.sha256(folder / storing.DUMP)}
    (folder / storing.ABOUT).write_text(json.dumps(changed))


def test_a_dump_by_a_role_that_is_bound_turns_the_drill_red(source: Source, copy: Path) -> None:
    dump_as(READER, source.database, copy)
    done = source.command("restore_drill", str(copy))
    assert done.returncode != 0
    assert "RED. The restored database differs" in done.stderr
    assert "rows of agencies_agency: was" in done.stderr
    assert done.stderr.count("is 0 rows, none") >= 10


def test_a_bound_role_is_refused_before_it_dumps_nothing(source: Source, tmp_path: Path) -> None:
    run = cluster.current()
    for role in (READER, run.roles.app):
        done = source.command("backup", str(tmp_path), BACKUP_DATABASE_URL=run.address(role, source.database))
        assert done.returncode != 0
        assert "does not see every row" in done.stderr
    assert list(tmp_path.iterdir()) == [], "nothing half-made is left"


def test_a_backup_that_was_changed_afterwards_is_red(source: Source, copy: Path) -> None:
    backup = storing.read(copy)
    name = backup.files[0]
    kept = copy.parent / storing.FILES / name
    kept.write_bytes(kept.read_bytes() + b" ")
    done = source.command("restore_drill", str(copy))
    assert done.returncode != 0
    assert f"RED. Files are damaged:\n  {name}" in done.stderr
    with (copy / storing.DUMP).open("ab") as dump:
        dump.write(b" ")
    done = source.command("restore_drill", str(copy))
    assert done.returncode != 0
    assert "not the file that was backed up" in done.stderr


def test_a_file_that_rotted_in_the_storage_is_named_while_the_rest_is_kept(
    source: Source, tmp_path: Path
) -> None:
    data = tmp_path / "data"
    shutil.copytree(source.env["DATA_DIR"], data)
    name = storing.read(source.newest).files[0]
    (data / "files" / name).write_bytes(b"rotten")
    done = source.command("backup", str(tmp_path / "kept"), DATA_DIR=str(data))
    assert done.returncode != 0
    assert f"gone or damaged:\n  {name}" in done.stderr
    (made,) = (tmp_path / "kept").glob("2*Z")
    assert len(storing.read(made).files) == 13


def test_a_restored_portal_is_the_same_portal(source: Source, tmp_path: Path) -> None:
    """Into an empty database beside, with storage of its own; a full one is refused."""
    run = cluster.current()
    database = f"{run.template}_restored"
    roles.ensure_database(run.admin, database, run.roles)
    owner = run.address(run.roles.owner, database)
    env = {"OWNER_DATABASE_URL": owner, "DATABASE_URL": run.address(run.roles.app, database)}
    done = source.command("restore", str(source.newest), DATA_DIR=str(tmp_path), **env)
    assert done.returncode == 0, done.stderr
    assert "every row, rule and file is the same" in done.stdout
    names = storing.read(source.newest).files
    assert all((tmp_path / "files" / name).is_file() for name in names)
    served(source, env, tmp_path)
    again = source.command("restore", str(source.newest), DATA_DIR=str(tmp_path), **env)
    assert again.returncode != 0
    assert "holds" in again.stderr
    assert "Nothing was changed" in again.stderr
    with psycopg.connect(run.admin, autocommit=True) as admin:
        roles.drop_database(admin, database)


def served(source: Source, env: dict[str, str], data: Path) -> None:
    """A supervisor signs in where the back-up was restored, and finds the reviews of the team."""
    account = next(one for one in json.loads(accounts(source)) if one["role"] == "SU")
    address = f"http://localhost:{free_port()}"
    own = {**source.env, **env, "DATA_DIR": str(data), "BASE_URL": address}
    command = [sys.executable, "-m", *SERVE, "--bind", address.removeprefix("http://"), "ips_portal.wsgi"]
    web = Child("web", command, log=data / "web.log", env=own, folder=ROOT)
    web.start()
    try:
        wait_until(lambda: "Booting worker" in (data / "web.log").read_text(), web, "The web server")
        visitor = sign_in(address, account)
        page = visitor.get(f"{account['state']}/reviews/")
        assert page.status == 200
        assert page.links(f"/{account['state']}/reviews/")
    finally:
        web.stop()


def accounts(source: Source) -> str:
    return (Path(source.env["DATA_DIR"]) / "accounts.json").read_text()


def test_the_census_sees_each_kind_of_rule(owner_connection: psycopg.Connection[tuple[object, ...]]) -> None:
    """One spoiled rule of each kind is one difference."""
    with owner_connection.transaction():
        (policy,) = owner_connection.execute(
            "SELECT policyname FROM pg_policies WHERE tablename = 'agencies_team' AND cmd <> 'SELECT'"
        ).fetchone() or ("",)
    spoilers = {
        "guard of agencies_team": "ALTER TABLE agencies_team NO FORCE ROW LEVEL SECURITY",
        "policy agencies_team.": f"DROP POLICY {policy} ON agencies_team",
        "trigger agencies_team.": "DROP TRIGGER history_update ON agencies_team",
        "column agencies_team.name": "ALTER TABLE agencies_team ALTER name DROP NOT NULL",
        "constraint agencies_team.": "ALTER TABLE agencies_team ADD CHECK (name <> 'x')",
        "index agencies_team": "CREATE INDEX ON agencies_team (name)",
        "sequence agencies_team_id_seq": "SELECT nextval('agencies_team_id_seq')",
        "function agencies_broken_seal": "ALTER FUNCTION agencies_broken_seal SECURITY INVOKER",
    }
    with owner_connection.transaction(force_rollback=True):
        before = census.taken(owner_connection)
    for name, spoiler in spoilers.items():
        with owner_connection.transaction(force_rollback=True):
            owner_connection.execute(spoiler.encode())
            found = census.differences(before, census.taken(owner_connection))
        assert any(line.startswith(name) for line in found), (name, found)

"""Which servers a demo or a test run uses: those of the environment variables, else embedded ones."""

import json
import os
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path

import psycopg

from ips_portal.bootstrap.places import Problem
from ips_portal.embedded import roles
from ips_portal.embedded.children import Supervisor
from ips_portal.embedded.postgres import Postgres
from ips_portal.embedded.roles import Role, Roles
from ips_portal.embedded.valkey import Valkey

OWNER, APP, DATABASE = "ips_owner", "ips_app", "ips"
# What must not leak from the caller's shell into the portal's processes.
CALLERS_OWN = ("DATABASE_URL", "OWNER_DATABASE_URL", "ADMIN_DATABASE_URL", "BACKUP_DATABASE_URL", "DEBUG")


def _password() -> str:
    return secrets.token_urlsafe(24)


@dataclass(frozen=True)
class Secrets:
    superuser: str = field(default_factory=_password)
    owner: str = field(default_factory=_password)
    app: str = field(default_factory=_password)
    signing: str = field(default_factory=lambda: secrets.token_urlsafe(50))

    @property
    def roles(self) -> Roles:
        return Roles(Role(OWNER, self.owner), Role(APP, self.app))


def keep_secrets(home: Path) -> Secrets:
    """The passwords made for this folder at its first start, readable by its owner only."""
    place = home / "secrets.json"
    if place.exists():
        return Secrets(**json.loads(place.read_text()))
    fresh = Secrets()
    write_privately(place, json.dumps(asdict(fresh)))
    return fresh


def write_privately(place: Path, text: str) -> None:
    place.parent.mkdir(parents=True, exist_ok=True)
    handle = os.open(place, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(handle, "w") as file:
        file.write(text)


@dataclass(frozen=True)
class Addresses:
    owner: str
    app: str
    redis: str
    admin: str = ""  # empty where somebody else looks after roles and databases

    def for_app(self) -> dict[str, str]:
        return {"DATABASE_URL": self.app, "REDIS_URL": self.redis}

    def for_owner(self) -> dict[str, str]:
        return {**self.for_app(), "OWNER_DATABASE_URL": self.owner}


def open_servers(
    home: Path, given: Mapping[str, str], kept: Secrets, keeper: Supervisor, *, options: Sequence[str] = ()
) -> Addresses:
    """Start what is not given, and see to it that roles and database exist."""
    broker: Valkey | None = None
    if given.get("DATABASE_URL"):
        database = given_database(given, kept)
    else:
        server = Postgres(home, kept.superuser, options=options)
        keeper.start(server)
        database = made_database(server.url("postgres"), DATABASE, kept.roles)
    if not given.get("REDIS_URL"):
        broker = Valkey(home)
        keeper.start(broker)
    redis = broker.url() if broker else given["REDIS_URL"]
    return Addresses(database.owner, database.app, redis, database.admin)


def made_database(admin: str, database: str, wanted: Roles) -> Addresses:
    roles.ensure_roles(admin, wanted)
    roles.ensure_database(admin, database, wanted)
    owner = roles.with_database(admin, database, wanted.owner)
    return Addresses(owner, roles.with_database(admin, database, wanted.app), "", admin)


def administrator(given: Mapping[str, str]) -> str:
    """ADMIN_DATABASE_URL, or DATABASE_URL where that is a superuser, whom row-level security would not bind."""
    if given.get("ADMIN_DATABASE_URL"):
        return given["ADMIN_DATABASE_URL"]
    # Asked in the database every server has: the one that is named may not exist yet, or be dropped next.
    address = roles.with_database(given["DATABASE_URL"], "postgres")
    return address if roles.is_administrator(address, given["DATABASE_URL"]) else ""


def given_database(given: Mapping[str, str], kept: Secrets) -> Addresses:
    app, owner, admin = given["DATABASE_URL"], given.get("OWNER_DATABASE_URL", ""), administrator(given)
    if not admin:
        if not owner:
            raise Problem(
                "DATABASE_URL names a role that may not create roles. Set OWNER_DATABASE_URL to the role that\n"
                "  owns the tables, or ADMIN_DATABASE_URL to a superuser who may create both roles."
            )
        return Addresses(owner, app, "")
    wanted = Roles(
        roles.role_of(owner) if owner else kept.roles.owner,
        kept.roles.app if roles.role_of(app) == roles.role_of(admin) else roles.role_of(app),
    )
    return made_database(admin, _given_name(given), wanted)


def _given_name(given: Mapping[str, str]) -> str:
    name = roles.database_of(given["DATABASE_URL"])
    return DATABASE if name in ("", "postgres") else name


def beside(given: Mapping[str, str], purpose: str) -> dict[str, str]:
    """The same servers with a database of its own, which may be dropped without a loss to anybody."""
    admin = administrator(given)
    if not admin:
        raise Problem(
            "This makes a database of its own: set ADMIN_DATABASE_URL to a superuser of your server."
        )
    name = f"{_given_name(given)}_{purpose}"
    moved = {
        key: roles.with_database(given[key], name)
        for key in ("DATABASE_URL", "OWNER_DATABASE_URL")
        if given.get(key)
    }
    return {**given, **moved, "ADMIN_DATABASE_URL": admin}


def drop_given_database(given: Mapping[str, str]) -> None:
    admin = administrator(given)
    if not admin:
        raise Problem("--reset drops the database and makes it again: set ADMIN_DATABASE_URL to a superuser.")
    with psycopg.connect(admin, autocommit=True) as connection:
        roles.drop_database(connection, _given_name(given))


def surroundings() -> dict[str, str]:
    """The caller's environment without what would point the portal elsewhere."""
    return {
        name: value
        for name, value in os.environ.items()
        if name not in CALLERS_OWN and not name.startswith("PG")
    }

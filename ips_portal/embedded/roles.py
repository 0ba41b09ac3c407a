"""The two database roles and the databases: who owns the tables, and who is bound by row-level security."""

from dataclasses import dataclass
from urllib.parse import parse_qsl, quote, unquote, urlencode, urlsplit, urlunsplit

import psycopg
from psycopg import sql

from ips_portal.bootstrap.places import Problem

# The owner must see every row, or data migrations under FORCE ROW LEVEL SECURITY would change nothing.
OWNER_RIGHTS = "LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE BYPASSRLS"
APP_RIGHTS = "LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOBYPASSRLS NOINHERIT"


@dataclass(frozen=True)
class Role:
    name: str
    password: str


@dataclass(frozen=True)
class Roles:
    owner: Role
    app: Role


def with_database(url: str, database: str, role: Role | None = None) -> str:
    """The same server, another database and perhaps another role."""
    parts = urlsplit(url)
    place = parts.netloc.rpartition("@")[2]
    account = f"{quote(role.name, safe='')}:{quote(role.password, safe='')}" if role else ""
    netloc = f"{account}@{place}" if role else parts.netloc
    query = urlencode(parse_qsl(parts.query), safe="/")
    return urlunsplit((parts.scheme, netloc, "/" + quote(database, safe=""), query, ""))


def database_of(url: str) -> str:
    return unquote(urlsplit(url).path.lstrip("/"))


def role_of(url: str) -> Role:
    parts = urlsplit(url)
    return Role(unquote(parts.username or ""), unquote(parts.password or ""))


def is_administrator(*addresses: str) -> bool:
    """May it create the roles: that takes a superuser, as only one grants BYPASSRLS.

    The first address that answers decides: a careful server lets an app role into its own database only.
    """
    said: psycopg.OperationalError | None = None
    for address in addresses:
        try:
            with psycopg.connect(address, connect_timeout=5) as connection:
                row = connection.execute(
                    "SELECT rolsuper FROM pg_roles WHERE rolname = current_user"
                ).fetchone()
        except psycopg.OperationalError as error:
            said = error
            continue
        return bool(row and row[0])
    raise Problem(f"The database server of DATABASE_URL does not answer: {said}")


def ensure_roles(admin_url: str, roles: Roles) -> None:
    with psycopg.connect(admin_url, autocommit=True) as connection:
        for role, rights in ((roles.owner, OWNER_RIGHTS), (roles.app, APP_RIGHTS)):
            known = connection.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [role.name]).fetchone()
            verb = sql.SQL("ALTER ROLE") if known else sql.SQL("CREATE ROLE")
            connection.execute(
                sql.SQL("{} {} {} PASSWORD {}").format(
                    verb, sql.Identifier(role.name), sql.SQL(rights), sql.Literal(role.password)
                )
            )


def ensure_database(admin_url: str, database: str, roles: Roles) -> None:
    """A database the owner owns and the app may only connect to; tables are granted by the migrations."""
    with psycopg.connect(admin_url, autocommit=True) as connection:
        known = connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [database]).fetchone()
        if not known:
            connection.execute(
                sql.SQL("CREATE DATABASE {} OWNER {} TEMPLATE template0").format(
                    sql.Identifier(database), sql.Identifier(roles.owner.name)
                )
            )
    with psycopg.connect(with_database(admin_url, database), autocommit=True) as connection:
        connection.execute(
            sql.SQL("ALTER SCHEMA public OWNER TO {}").format(sql.Identifier(roles.owner.name))
        )
        _restrict(connection, database, roles)


def _restrict(connection: psycopg.Connection, database: str, roles: Roles) -> None:
    _grant_connect(connection, database, roles)
    connection.execute("REVOKE ALL ON SCHEMA public FROM PUBLIC")
    connection.execute(sql.SQL("GRANT USAGE ON SCHEMA public TO {}").format(sql.Identifier(roles.app.name)))


def clone(admin_url: str, template: str, database: str, roles: Roles) -> None:
    """Replace `database` by a fresh copy of the template: about 20 ms, where a flush would need TRUNCATE.

    A copied database keeps its schema's grants but not the database's own, so those are given again.
    """
    with psycopg.connect(admin_url, autocommit=True) as connection:
        drop_database(connection, database)
        connection.execute(
            sql.SQL("CREATE DATABASE {} OWNER {} TEMPLATE {} STRATEGY file_copy").format(
                sql.Identifier(database), sql.Identifier(roles.owner.name), sql.Identifier(template)
            )
        )
        _grant_connect(connection, database, roles)


def _grant_connect(connection: psycopg.Connection, database: str, roles: Roles) -> None:
    name = sql.Identifier(database)
    connection.execute(sql.SQL("REVOKE ALL ON DATABASE {} FROM PUBLIC").format(name))
    connection.execute(
        sql.SQL("GRANT CONNECT, TEMPORARY ON DATABASE {} TO {}").format(name, sql.Identifier(roles.app.name))
    )


def drop_database(connection: psycopg.Connection, database: str) -> None:
    connection.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(database)))


def drop_roles(connection: psycopg.Connection, roles: Roles) -> None:
    for role in (roles.owner, roles.app):
        connection.execute(sql.SQL("DROP ROLE IF EXISTS {}").format(sql.Identifier(role.name)))

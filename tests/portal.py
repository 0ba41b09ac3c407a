"""A whole portal beside a test, as the demo runs it: web server, worker when asked for, and the practice states."""

import json
import shutil
import socket
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from ips_portal.bootstrap.places import ROOT
from ips_portal.embedded.children import Child, Supervisor, wait_until
from ips_portal.embedded.demo import WEB, WORKER
from ips_portal.embedded.valkey import Valkey
from ips_portal.practice.visitor import Account, CheckFailed, Visitor, sign_in
from tests import cluster

STATE = "meridian"  # the practice state that has a person in every role


@dataclass(frozen=True)
class Portal:
    address: str
    home: Path
    accounts: tuple[Account, ...]
    env: Mapping[str, str]

    def account(self, role: str, *, state: str = STATE, number: int = 0) -> Account:
        """The first of that role, or a later one: the same people in every run."""
        people = [one for one in self.accounts if (one["state"], one["role"]) == (state, role)]
        return people[number]

    def command(self, *words: str) -> None:
        """A command of the portal, beside its processes."""
        cluster.manage([*words], dict(self.env), self.home / "command.log")

    def enter(self, account: Account) -> Visitor:
        return sign_in(self.address, account)


@contextmanager
def running(name: str, *, worker: bool = False) -> Iterator[Portal]:
    """On a copy of the practice states that nobody else uses."""
    seeded = cluster.practice_data()
    run = cluster.current()
    database = f"{run.practice}_{name}_{cluster.process_name()}"
    home = Path(run.home) / f"portal-{name}-{cluster.process_name()}"
    cluster.reclone(run.practice, database)
    shutil.copytree(seeded, home / "data", dirs_exist_ok=True)
    (home / "mail").mkdir(exist_ok=True)
    port = free_port()
    address = f"http://localhost:{port}"
    env = {
        **cluster.surroundings(run, database),
        "BASE_URL": address,
        "DATA_DIR": str(home / "data"),
        "MAIL_DIR": str(home / "mail"),
    }
    keeper = Supervisor()
    try:
        broker = Valkey(home, durable=False)  # workers of two portals would take each other's jobs
        keeper.start(broker)
        env["REDIS_URL"] = broker.url()
        if worker:
            keeper.start(_child("worker", WORKER, home, env))
        web = _child("web", [*WEB, "--bind", f"127.0.0.1:{port}"], home, env)
        keeper.start(web)
        wait_until(lambda: is_healthy(address), web, "The web server")
        accounts = json.loads((home / "data" / "accounts.json").read_text())
        yield Portal(address, home, tuple(accounts), env)
    finally:
        keeper.stop()


def _child(name: str, module: list[str], home: Path, env: Mapping[str, str]) -> Child:
    return Child(name, [sys.executable, "-m", *module], log=home / f"{name}.log", env=env, folder=ROOT)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
    return port


def is_healthy(address: str) -> bool:
    try:
        return Visitor(address, "monitor").get("health/ready").status == 200
    except CheckFailed:
        return False

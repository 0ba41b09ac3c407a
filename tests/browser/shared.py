"""What is dear to make is made once for all processes of a run: by the first that needs it, until the last is done."""

import fcntl
import pickle
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager
from pathlib import Path
from typing import TypeVar

T = TypeVar("T")


@contextmanager
def shared(folder: Path, user: str, make: Callable[[], AbstractContextManager[T]]) -> Iterator[T]:
    """The value `make` gives, or what another process keeps there; it must bear pickling.

    Who made it waits with taking it down until no other process uses it.
    """
    folder.mkdir(exist_ok=True)
    kept, mine = folder / "kept", folder / f"used-by-{user}"
    with ExitStack() as stack:
        with locked(folder):
            is_maker = not kept.exists()
            if is_maker:
                value = stack.enter_context(make())
                kept.write_bytes(pickle.dumps(value))
            else:
                value = pickle.loads(kept.read_bytes())  # noqa: S301 - written by a process of this run
            mine.touch()
        try:
            yield value
        finally:
            mine.unlink()
            while is_maker and kept.exists():
                with locked(folder):
                    if not list(folder.glob("used-by-*")):
                        kept.unlink()
                time.sleep(0.2)


@contextmanager
def locked(folder: Path) -> Iterator[None]:
    with (folder / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield

"""A portal and its crawl are shared by the browsers of a run."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Thread

from tests.browser.shared import shared


def test_what_is_dear_is_made_once_and_ends_with_its_last_user(tmp_path: Path) -> None:
    told: list[str] = []

    @contextmanager
    def made() -> Iterator[dict[str, int]]:
        told.append("made")
        yield {"pages": 7}
        told.append("ended")

    maker, guest = (shared(tmp_path / "tour", user, made) for user in ("one", "two"))
    assert maker.__enter__() == guest.__enter__() == {"pages": 7}
    leaving = Thread(target=maker.__exit__, args=(None, None, None))
    leaving.start()
    leaving.join(0.5)
    assert told == ["made"]
    guest.__exit__(None, None, None)
    leaving.join(5)
    assert told == ["made", "ended"]
    with shared(tmp_path / "tour", "three", made):
        assert told == ["made", "ended", "made"]

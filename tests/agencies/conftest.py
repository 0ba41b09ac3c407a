import pytest

from agencies import announcements
from tests.cast import Cast, StateCast, make_cast


@pytest.fixture
def cast(db: None) -> Cast:
    return make_cast()


@pytest.fixture
def meridian(cast: Cast) -> StateCast:
    return cast.meridian


@pytest.fixture
def heard(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, dict[str, object]]]:
    """What the core announced, instead of whoever listens in the full portal."""
    said: list[tuple[str, dict[str, object]]] = []
    listeners = {
        event: [lambda _event=event, **facts: said.append((str(_event), facts))]
        for event in announcements.Event
    }
    monkeypatch.setattr(announcements, "_listeners", listeners)
    return said

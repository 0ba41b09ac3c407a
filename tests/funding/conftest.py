"""A state that has been there for years, so that it may have decided its rules long ago."""

import pytest

from agencies.models import State
from tests.cast import STARTED, StateCast, make_cast


@pytest.fixture
def cast(db: None) -> StateCast:
    cast = make_cast().meridian
    with cast.entered("admin"):
        State.objects.filter(pk=cast.state.pk).update(started_on=STARTED)
    cast.state.started_on = STARTED
    return cast

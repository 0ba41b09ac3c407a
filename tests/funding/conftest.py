import pytest

from funding.models import FundingPlan
from tests.cast import Cast, StateCast, make_cast
from tests.funding.plans import begin


@pytest.fixture
def cast(db: None) -> StateCast:
    return make_cast().meridian


@pytest.fixture
def both(db: None) -> Cast:
    return make_cast()


@pytest.fixture
def plan(cast: StateCast) -> FundingPlan:
    """The state's own, with a column for each department."""
    return begin(cast)

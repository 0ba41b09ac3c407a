"""`manage.py demo --check` walks the main job with a real worker, and fails when the portal does."""

from collections.abc import Iterator

import pytest

from ips_portal.practice import check
from ips_portal.practice.visitor import CheckFailed
from tests import portal
from tests.portal import Portal


@pytest.fixture(scope="module")
def site() -> Iterator[Portal]:
    with portal.running("check", worker=True) as running:
        yield running


def test_the_main_job_runs_over_plain_http(site: Portal, capsys: pytest.CaptureFixture[str]) -> None:
    check.run(site.address, list(site.accounts))
    lines = capsys.readouterr().out.splitlines()
    assert len(lines) == len(check.steps(check.MainJob(site.address, check.people_of(list(site.accounts)))))


def test_a_portal_that_is_away_is_reported(site: Portal) -> None:
    with pytest.raises(CheckFailed, match=r"step 1, .*does not answer"):
        check.run("http://localhost:1", list(site.accounts))


def test_a_wrong_password_is_reported_with_the_step(site: Portal) -> None:
    accounts = [{**one, "password": "not this one"} for one in site.accounts]
    with pytest.raises(CheckFailed, match=r"step 2, .*could not sign in"):
        check.run(site.address, accounts)

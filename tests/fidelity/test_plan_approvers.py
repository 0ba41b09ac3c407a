"""Who approves a plan is named alike on page, paper, notice and refusal, whoever reads it."""

from datetime import timedelta

import pytest
import time_machine
from django.utils import timezone

from agencies import tenancy
from agencies.models import TeamPartner
from agencies.refusals import NotPermitted
from fidelity import reports
from fidelity.models import Review
from fidelity.paper.plan import plan_paper
from tests.cast import STARTED, StateCast, make_cast, refused
from tests.fidelity import reviews, signing
from tests.fidelity.pages import at, get, text


@pytest.fixture
def cast(db: None) -> StateCast:
    """A state under Louisiana's rules: the payer it names approves for the teams it contracts with."""
    return reviews.under(make_cast().meridian, "louisiana")


@pytest.fixture
def review(cast: StateCast) -> Review:
    return reviews.issued(cast, days_ago=20)


def without_contract(cast: StateCast) -> None:
    with tenancy.as_system(cast.state.pk):
        cast.payer.contracts.update(ends_on=STARTED)


def on_paper(cast: StateCast) -> tuple[dict[str, str], list[str]]:
    with reviews.acting(cast, "leader"):
        paper = plan_paper(reports.plan_content(signing.newest(cast).pk))
    return dict(paper.facts), [role for role, *_ in paper.signers]


def test_of_a_team_without_a_contract_the_state_is_named_everywhere(cast: StateCast, review: Review) -> None:
    standing = "reviews/teams/north-one/standing/"
    assert "approved by MCO." in text(get(cast, "leader", standing))
    without_contract(cast)
    for persona in ("leader", "specialist"):
        assert "approved by the state." in text(get(cast, persona, standing))
    assert "To be approved by the state." in text(get(cast, "supervisor", at(review, "plan/")))
    signing.in_use(cast)
    assert "Then the state is asked to approve it." in text(get(cast, "leader", at(review, "plan/sign/")))
    signing.sign(cast)
    assert "waits for its approval by the state." in text(get(cast, "leader", standing))
    assert "Waits for approval by the state" in text(get(cast, "supervisor", at(review, "plan/")))
    facts, signers = on_paper(cast)
    assert (facts["To be approved by"], signers[-1]) == ("The state", "Approver: the state")
    signing.approve(cast, by="admin")
    facts, _ = on_paper(cast)
    assert facts["Approved by"].startswith("The state, ")


def test_an_agency_that_shares_the_team_reads_the_same_name(cast: StateCast, review: Review) -> None:
    with tenancy.as_system(cast.state.pk):
        TeamPartner.objects.create(
            state=cast.state, team=cast.teams["north_one"], agency=cast.agencies["south"]
        )
        cast.payer.contracts.exclude(agency=cast.agencies["north"]).update(ends_on=STARTED)
    signing.signed(cast)
    for persona in ("other_leader", "specialist", "trainer"):
        assert "Waits for approval by MCO" in text(get(cast, persona, at(review, "plan/")))
    with refused(NotPermitted, "approved by MCO"):
        signing.approve(cast, by="admin")


def test_a_plan_the_payer_approved_says_so_after_its_contract(cast: StateCast, review: Review) -> None:
    signing.approved(cast)
    with tenancy.as_system(cast.state.pk):
        cast.payer.contracts.update(ends_on=cast.state.today())
    with time_machine.travel(timezone.now() + timedelta(days=9)):
        facts, _ = on_paper(cast)
    assert facts["Approved by"].startswith("MCO, ")

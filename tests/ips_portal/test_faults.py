"""A web server on a database of its own that is taken away in the middle of a rating, and comes back."""

import json
import os
import signal
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import psycopg
import pytest

from ips_portal.embedded.children import wait_until
from ips_portal.practice.visitor import Answer, Visitor, forms_of
from tests.cast import PASSWORD
from tests.ips_portal.site import Site, children_of, standing


@pytest.fixture(scope="module")
def portal() -> Iterator[Site]:
    with standing("faults") as site:
        site.serve()
        yield site


def rows(portal: Site) -> list[tuple[int, int]]:
    return portal.rows("SELECT score, version FROM fidelity_rating")  # type: ignore[return-value]


def version_of(portal: Site) -> int:
    """What the next save is typed over; 0 before the first."""
    return rows(portal)[0][1] if rows(portal) else 0


def _rate(visitor: Visitor, portal: Site, token: str, score: int, version: int) -> Answer:
    values = {"score": score, "note": "Seen.", "sources": [], "is_flagged": False, "version": version}
    return visitor.put(f"meridian/reviews/{portal.reviews[0]}/rate/ST1/", values, token=token)


def test_a_database_that_is_away_is_said_and_nothing_is_lost(portal: Site) -> None:
    trainer, token = portal.trainer()
    before = version_of(portal)
    assert _rate(trainer, portal, token, score=4, version=before).status == 200

    portal.server.stop()
    refused = _rate(trainer, portal, token, score=5, version=before + 1)
    page = trainer.get("meridian/")
    health = trainer.get("health")
    portal.server.start()

    assert refused.status == page.status == health.status == 503
    assert "Nothing was saved" in json.loads(refused.body)["error"]
    assert "database: away" in health.text
    assert (
        _rate(trainer, portal, token, score=5, version=before + 1).status == 200
    )  # the same attempt, once it is back
    assert rows(portal) == [(5, before + 2)]


def test_a_lost_reply_can_be_sent_again(portal: Site) -> None:
    trainer, token = portal.trainer()
    before = version_of(portal)
    first = _rate(trainer, portal, token, score=3, version=before)
    again = _rate(trainer, portal, token, score=3, version=before)
    assert (first.status, again.status) == (200, 200)
    assert rows(portal) == [(3, before + 1)]


def _renamed(visitor: Visitor, name: str) -> Answer:
    page = visitor.get("account/")
    (form,) = (form for form in forms_of(page) if "name" in form.fields)
    return visitor.send(page, form, {"name": name})


NAMES = "SELECT name FROM agencies_person WHERE name LIKE 'Ada %'"


def test_a_database_that_goes_while_the_session_is_kept_is_said_and_not_taken_for_a_bad_request(
    portal: Site,
) -> None:
    """Confirmations are kept in the session once everything else is saved."""
    trainer, _ = portal.trainer()
    with psycopg.connect(portal.owner) as held:
        held.execute("SELECT 1 FROM django_session FOR UPDATE")
        answer = _renamed(trainer, "Ada Held")
    assert answer.status == 503
    assert "may have been saved already" in answer.words()
    assert "was not saved" not in answer.words()
    assert portal.rows(NAMES) == [("Ada Held",)]


def test_who_signs_out_while_a_form_is_on_its_way_is_told_so(portal: Site) -> None:
    trainer, _ = portal.trainer()
    with ThreadPoolExecutor(1) as other:
        with psycopg.connect(portal.owner) as signing_out:
            signing_out.execute("DELETE FROM django_session")
            sent = other.submit(_renamed, trainer, "Ada Gone")
            wait_until(
                lambda: bool(portal.rows("SELECT 1 FROM pg_locks WHERE NOT granted")),
                portal.children["web"],
                "The save",
            )
        answer = sent.result()
    assert answer.status == 403
    assert "Your session ended" in answer.words()
    assert "may have been saved already" in answer.words()


def test_a_killed_web_process_is_replaced_and_keeps_what_was_saved(portal: Site) -> None:
    trainer, token = portal.trainer()
    version = version_of(portal)
    assert _rate(trainer, portal, token, score=1, version=version).status == 200
    web = portal.children["web"]
    for worker in children_of(web.pid):
        os.kill(worker, signal.SIGKILL)
    wait_until(portal.is_ready, web, "The web server", pause=0.2)
    assert rows(portal) == [(1, version + 1)]
    assert _rate(trainer, portal, token, score=2, version=version + 1).status == 200


def test_every_line_the_web_server_wrote_is_json_and_says_no_secret(portal: Site) -> None:
    trainer, _ = portal.trainer()
    for path in (
        "invitation/canary-7f3a9b/",
        "nothing/?q=canary-7f3a9b",
        "a%0d%0aforged/",
        "%1b[31m/",
        "static/no",
    ):
        assert trainer.get(path).status in (200, 404)
    portal.server.stop()
    assert trainer.get("health").status == 503
    portal.server.start()
    lines = portal.log().splitlines()
    assert len(lines) >= 10
    assert [line for line in lines if not isinstance(json.loads(line), dict)] == []
    for secret in ("canary-7f3a9b", portal.email, PASSWORD, portal.env["SECRET_KEY"], "\x1b"):
        assert secret not in portal.log()

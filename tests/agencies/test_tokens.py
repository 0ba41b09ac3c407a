"""T20: an API token is its owner in one role, or less; it ends at once, and its secret is nowhere."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.core.cache import cache
from django.db import connection, transaction
from django.test import Client, override_settings
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from agencies import bearer, tenancy
from agencies.actions import people, tokens
from agencies.actions.seats import Seat
from agencies.actions.tokens import Made
from agencies.models import ApiToken, Change, Membership, Person, State
from agencies.permissions import Role
from agencies.refusals import NotPermitted, Unacceptable, WrongStatus
from tests.cast import Cast, StateCast, refused

UNKNOWN = "ips_" + "x" * 43


@pytest.fixture(autouse=True)
def fresh_limits() -> Iterator[None]:
    cache.clear()
    yield
    cache.clear()


def made(cast: StateCast, persona: str = "trainer", scope: str = "write", days: int = 90) -> Made:
    with cast.entered(persona) as by:
        expires_on = cast.state.today() + timedelta(days=days)
        return tokens.make(cast.state, name="Export", scope=scope, expires_on=expires_on, by=by)


def ask(secret: str, path: str = "/api/v1/meridian/", method: str = "GET", **extra: Any) -> Any:
    headers = {"Authorization": f"Bearer {secret}"} if secret else {}
    return Client().generic(method, path, "{}", content_type="application/json", headers=headers, **extra)


# --- who may have one -----------------------------------------------------------------------------------------
@pytest.mark.parametrize("persona", ["admin", "trainer", "leader", "supervisor", "payer", "vr_liaison"])
def test_a_token_opens_its_owners_state(meridian: StateCast, persona: str) -> None:
    answer = ask(made(meridian, persona).secret)
    assert answer.status_code == 200, answer.content
    assert answer.json()["slug"] == "meridian"


@pytest.mark.parametrize("persona", ["specialist", "stakeholder", "reviewer", "operator"])
def test_roles_without_the_right_make_none(meridian: StateCast, persona: str) -> None:
    with meridian.entered(persona) as by, refused(NotPermitted, "API token"):
        tokens.make(
            meridian.state,
            name="x",
            scope="read",
            expires_on=meridian.state.today() + timedelta(days=9),
            by=by,
        )


@pytest.mark.parametrize("days", [-1, 0, 366])
def test_a_token_lives_a_year_at_most(meridian: StateCast, days: int) -> None:
    with refused(Unacceptable, "at most 365"):
        made(meridian, days=days)


def test_a_person_has_only_so_many(meridian: StateCast) -> None:
    for _ in range(tokens.MOST_TOKENS):
        made(meridian)
    with refused(Unacceptable, "Revoke one"):
        made(meridian)
    made(meridian, "leader")


# --- what ends it ---------------------------------------------------------------------------------------------
def revoke(cast: StateCast, token: ApiToken) -> None:
    with cast.entered("admin") as admin:
        tokens.revoke(token, by=admin)


def expire(cast: StateCast, token: ApiToken) -> None:
    with tenancy.as_system(cast.state.pk, token.person_id):
        ApiToken.objects.filter(pk=token.pk).update(expires_on=cast.state.today())


def leave(cast: StateCast, token: ApiToken) -> None:
    with tenancy.as_system(cast.state.pk):
        Membership.objects.filter(pk=token.membership_id).update(ended_on=cast.state.today())


def deactivate(cast: StateCast, token: ApiToken) -> None:
    Person.objects.filter(pk=token.person_id).update(is_active=False)


def demote(cast: StateCast, token: ApiToken) -> None:
    with tenancy.as_system(cast.state.pk):
        Membership.objects.filter(pk=token.membership_id).update(role="RO")


def test_everybody_without_identity_gets_the_same_401(cast: Cast) -> None:
    """G1 of the bad inputs: missing, wrong, of another state, and each way to end."""
    answers = [ask(""), ask(UNKNOWN), ask("nonsense"), ask(made(cast.bayou).secret)]
    for end in (revoke, expire, leave, deactivate, demote):
        with transaction.atomic():
            given = made(cast.meridian)
            assert ask(given.secret).status_code == 200
            end(cast.meridian, given.token)
            answers.append(ask(given.secret))
            transaction.set_rollback(True)
    assert {answer.status_code for answer in answers} == {401}
    assert len({answer.content for answer in answers}) == 1
    assert {answer["WWW-Authenticate"] for answer in answers} == {'Bearer realm="IPS portal"'}


def test_a_session_does_not_help_a_token_that_ended(meridian: StateCast) -> None:
    client = meridian.seen_by("admin")
    assert client.get("/api/v1/meridian/").status_code == 200
    assert client.get("/api/v1/meridian/", headers={"Authorization": f"Bearer {UNKNOWN}"}).status_code == 401


def test_only_its_owner_and_a_state_admin_revoke_a_token_and_once(meridian: StateCast) -> None:
    token = made(meridian, "leader").token
    for persona in ("trainer", "supervisor", "other_leader"):
        with meridian.entered(persona) as by, refused(NotPermitted):
            tokens.revoke(token, by=by)
    with meridian.entered("leader") as leader:
        tokens.revoke(token, by=leader)
    with meridian.entered("admin") as admin, refused(WrongStatus, "revoked already"):
        tokens.revoke(token, by=admin)


# --- never more than its owner --------------------------------------------------------------------------------
def test_a_read_only_token_changes_nothing(meridian: StateCast) -> None:
    secret = made(meridian, "admin", scope="read").secret
    assert ask(secret, "/api/v1/meridian/agencies/").status_code == 200
    listed = ask(secret, "/api/v1/meridian/agencies/", "POST")
    record = ask(secret, "/api/v1/meridian/agencies/north-center/", "PATCH")
    hidden = ask(secret, "/api/v1/meridian/agencies/nowhere/", "PATCH")
    assert [answer.status_code for answer in (listed, record, hidden)] == [403, 403, 404]
    assert listed.json()["error"] == record.json()["error"] == bearer.READS_ONLY


def test_a_token_acts_under_its_own_membership_only(meridian: StateCast) -> None:
    with tenancy.as_system(meridian.state.pk):
        Membership.objects.create(
            state=meridian.state,
            person=meridian.people["leader"],
            role="SA",
            started_on=meridian.state.today(),
        )
    secret = made(meridian, "leader").secret
    assert ask(secret, "/api/v1/meridian/agencies/").json()["count"] == 1  # an admin would see both
    with tenancy.as_system(meridian.state.pk):
        admin = Membership.objects.get(person=meridian.people["leader"], role="SA")
    assert ask(secret, f"/api/v1/meridian/agencies/?as={admin.pk}").status_code == 404
    seats = ask(secret, "/api/v1/").json()["results"]
    assert [(state["slug"], [seat["role"] for seat in state["seats"]]) for state in seats] == [
        ("meridian", ["AL"])
    ]


def test_a_token_opens_no_page_and_sets_no_cookie(meridian: StateCast) -> None:
    secret = made(meridian, "admin").secret
    assert ask(secret, "/meridian/agencies/").status_code == 302
    for path in ("/api/v1/", "/api/v1/meridian/", "/api/v1/meridian/nowhere/"):
        assert not ask(secret, path).cookies, path
    assert ask(secret, "/api/v1/meridian/populations/", "POST").status_code == 422  # no CSRF token asked


def test_a_state_that_asks_for_a_second_step_asks_it_of_the_owner(meridian: StateCast) -> None:
    secret = made(meridian).secret
    State.objects.filter(pk=meridian.state.pk).update(requires_second_factor=True)
    answer = ask(secret)
    assert (answer.status_code, "second step" in answer.json()["error"]) == (403, True)


def test_too_many_requests_are_told_when_to_come_back_and_others_go_on(meridian: StateCast) -> None:
    mine, other = made(meridian), made(meridian, "leader")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(bearer, "A_MINUTE", 2)
        patch.setattr(bearer.time, "time", lambda: 1_800_000_015.0)
        statuses = [ask(mine.secret).status_code for _ in range(3)]
        last = ask(mine.secret)
        assert statuses == [200, 200, 429]
        assert (last["Retry-After"], ask(other.secret).status_code) == ("45", 200)


def test_a_lost_cache_stops_nobody(meridian: StateCast) -> None:
    secret = made(meridian).secret
    away = {
        "default": {"BACKEND": "ips_portal.caching.ForgivingRedisCache", "LOCATION": "redis://localhost:1/0"}
    }
    with override_settings(CACHES=away), pytest.MonkeyPatch.context() as patch:
        patch.setattr(bearer, "A_MINUTE", 2)
        assert [ask(secret).status_code for _ in range(4)] == [200] * 4


# --- what is kept of it ---------------------------------------------------------------------------------------
def test_the_last_use_is_written_once_a_minute_and_leaves_no_history(meridian: StateCast) -> None:
    given = made(meridian)
    with CaptureQueriesContext(connection) as first:
        ask(given.secret)
    with CaptureQueriesContext(connection) as second:
        ask(given.secret)
    written = [sum('last_used_at" =' in query["sql"] for query in each) for each in (first, second)]
    assert written == [1, 0]
    with meridian.entered("trainer"):
        token = ApiToken.objects.get(pk=given.token.pk)
        assert token.last_used_at is not None
        assert timezone.now() - token.last_used_at < timedelta(minutes=1)
        assert Change.objects.filter(table_name="agencies_apitoken").count() == 1


def test_a_refused_request_counts_as_use_too(meridian: StateCast) -> None:
    given = made(meridian)
    assert ask(given.secret, "/api/v1/meridian/agencies/nowhere/").status_code == 404
    with meridian.entered("trainer"):
        assert ApiToken.objects.get(pk=given.token.pk).last_used_at is not None


def test_neither_the_secret_nor_its_hash_enters_the_history(meridian: StateCast) -> None:
    given = made(meridian)
    revoke(meridian, given.token)
    with meridian.entered("admin"):
        rows = Change.objects.filter(table_name="agencies_apitoken")
        text = " ".join(str(row.values) for row in rows)
        assert [row.kind for row in rows] == ["update", "insert"]
    assert given.token.sha256 not in text
    assert "sha256" not in text
    assert given.secret not in text


@pytest.mark.parametrize(("persona", "owner"), [("trainer", "leader"), ("leader", "supervisor")])
def test_no_statement_shows_or_changes_the_token_of_somebody_else(
    meridian: StateCast, persona: str, owner: str
) -> None:
    token = made(meridian, owner).token
    with meridian.entered(persona):
        assert not ApiToken.objects.exists()
        assert ApiToken.objects.filter(pk=token.pk).update(scope="write") == 0
    with meridian.entered("admin"):
        assert ApiToken.objects.filter(pk=token.pk).exists()


# --- the pages ------------------------------------------------------------------------------------------------
def test_the_secret_is_shown_once(meridian: StateCast) -> None:
    client = meridian.seen_by("trainer")
    assert "No token yet" in client.get("/meridian/tokens/").content.decode()
    form = {"name": "Export", "scope": "read", "expires_on": "3/1/2030"}
    day = meridian.state.today() + timedelta(days=30)
    form["expires_on"] = f"{day.month}/{day.day}/{day.year}"

    answer = client.post("/meridian/tokens/new/", form)

    secret = answer.context["made"].secret
    assert answer.status_code == 201
    assert secret in answer.content.decode()
    assert ask(secret).status_code == 200
    page = client.get("/meridian/tokens/").content.decode()
    assert secret not in page
    assert secret[:10] in page


def test_a_page_revokes_after_asking(meridian: StateCast) -> None:
    given = made(meridian, "leader")
    client = meridian.seen_by("admin")
    page = client.get("/meridian/tokens/").content.decode()
    assert meridian.people["leader"].name in page
    address = f"/meridian/tokens/{given.token.pk}/revoke/"
    assert "refused from its next request" in client.get(address).content.decode()
    assert client.post(address).status_code == 302
    assert ask(given.secret).status_code == 401


def test_the_account_leads_to_the_tokens_of_each_state(meridian: StateCast) -> None:
    assert "/meridian/tokens/" in meridian.seen_by("leader").get("/account/").content.decode()
    assert "/meridian/tokens/" not in meridian.seen_by("specialist").get("/account/").content.decode()
    how = meridian.seen_by("leader").get("/meridian/tokens/how/").content.decode()
    assert "http://localhost/api/v1/meridian/" in how


# --- what a program may rely on -------------------------------------------------------------------------------
def test_a_token_ends_when_its_owner_gets_another_role(meridian: StateCast) -> None:
    secret = made(meridian).secret
    with meridian.entered("admin") as by:
        member = Membership.objects.select_related("person", "state").get(
            pk=meridian.memberships["trainer"].pk
        )
        people.change_seat(member, seat=Seat(Role.STATE_ADMIN), reason="Leads the office now.", by=by)
    assert ask(secret).status_code == 401


def test_a_program_lists_its_tokens_and_takes_its_own_back(meridian: StateCast) -> None:
    given = made(meridian)
    made(meridian, "leader")
    listed = ask(given.secret, "/api/v1/meridian/tokens/").json()
    assert [row["prefix"] for row in listed["results"]] == [given.token.prefix]
    assert given.token.sha256 not in str(listed)
    assert ask(given.secret, f"/api/v1/meridian/tokens/{given.token.pk}/revoke/", "POST").status_code == 200
    assert ask(given.secret).status_code == 401


def test_a_message_without_a_length_is_not_taken_for_an_empty_one(meridian: StateCast) -> None:
    meridian.state.words = {"agency": "clinic"}
    meridian.state.save()
    secret, words = made(meridian, "admin").secret, "/api/v1/meridian/words/"
    chunked = ask(secret, words, "PUT", HTTP_TRANSFER_ENCODING="chunked")
    none = Client().put(words, headers={"Authorization": f"Bearer {secret}"})
    assert (chunked.status_code, none.status_code) == (411, 400)
    meridian.state.refresh_from_db()
    assert meridian.state.words == {"agency": "clinic"}


@pytest.mark.parametrize("persona", ["stakeholder", "operator"])
def test_who_sees_names_only_finds_nothing_out_by_asking_for_a_stage(
    meridian: StateCast, persona: str
) -> None:
    client = meridian.seen_by(persona)
    stages = {"preparing", "implementing", "sustaining"}
    counts = {client.get(f"/api/v1/meridian/teams/?stage={stage}").json()["count"] for stage in stages}
    assert len(counts) == 1
    pages = {client.get(f"/meridian/teams/?stage={stage}").content.count(b"<tr>") for stage in stages}
    assert len(pages) == 1

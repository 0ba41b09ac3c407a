"""A connection that is kept is found usable without a statement, and replaced when the server has closed it."""

import psycopg
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests import cluster

pytestmark = pytest.mark.django_db(transaction=True)


def test_a_living_connection_is_usable_without_a_statement() -> None:
    connection.ensure_connection()
    with CaptureQueriesContext(connection) as asked:
        assert connection.is_usable()
    assert len(asked) == 0


def test_a_connection_the_server_closed_is_replaced_before_it_is_asked_anything() -> None:
    connection.ensure_connection()
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        (mine,) = cursor.fetchone()
    with psycopg.connect(cluster.current().admin, autocommit=True) as admin:
        admin.execute("SELECT pg_terminate_backend(%s, 2000)", [mine])

    connection.close_if_unusable_or_obsolete()  # as at the start of each request

    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        assert cursor.fetchone() != (mine,)

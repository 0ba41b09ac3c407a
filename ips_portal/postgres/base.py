"""Django's PostgreSQL, whose connection is found usable without a statement at the start of each request."""

import select

from django.db.backends.postgresql import base
from psycopg.pq import ConnStatus, TransactionStatus


class DatabaseWrapper(base.DatabaseWrapper):
    def is_usable(self) -> bool:
        """A server that went away has closed the socket, or said why: there is something to read, unasked.

        Nor is one usable in a transaction that an error has broken.
        """
        if self.connection is None or self.connection.pgconn.status != ConnStatus.OK:
            return False
        if self.connection.info.transaction_status == TransactionStatus.INERROR:
            return False
        socket = select.poll()
        socket.register(self.connection.pgconn.socket, select.POLLIN)
        return not socket.poll(0)

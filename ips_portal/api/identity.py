"""Who asks, as DRF wants to know it."""

from typing import Any

from rest_framework.authentication import BaseAuthentication
from rest_framework.request import Request


class Admitted(BaseAuthentication):
    """Whoever the gate let in; by the time a view runs, everybody is known."""

    def authenticate(self, request: Request) -> tuple[Any, Any]:
        asked = request._request
        return asked.user, getattr(asked, "bearer", None)

"""Sign-in rules: by invitation only, nobody learns who has an account, people keep one name."""

from types import SimpleNamespace
from typing import Any
from urllib.parse import urlsplit

from allauth.account.adapter import DefaultAccountAdapter
from django.conf import settings
from django.http import HttpRequest


class InvitationOnlyAdapter(DefaultAccountAdapter):  # type: ignore[misc]  # allauth ships no types
    """No open sign-up: accounts come from `agencies.actions.people.accept`."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def is_safe_url(self, url: str) -> bool:
        """An address that cannot even be read leads nowhere, instead of breaking the page."""
        try:
            return bool(super().is_safe_url(url))
        except ValueError:
            return False

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """Mail names the portal by its own address, never by a host that came with a request (threat T19)."""
        host = urlsplit(settings.BASE_URL).netloc
        own = {name: at_home(value) for name, value in context.items() if name.endswith("_url")}
        site = SimpleNamespace(name=host, domain=host)
        super().send_mail(template_prefix, email, {**context, **own, "current_site": site})


def at_home(url: str) -> str:
    """The same page under the portal's own address."""
    parts = urlsplit(url)
    return f"{settings.BASE_URL}{parts.path}{f'?{parts.query}' if parts.query else ''}"

"""Sign-in rules: by invitation only, nobody learns who has an account, people keep one name."""

from types import SimpleNamespace
from typing import Any
from urllib.parse import urlsplit

from allauth.account.adapter import DefaultAccountAdapter
from django.conf import settings
from django.http import HttpRequest

from agencies.actions import sign_ins
from agencies.models import Person


class InvitationOnlyAdapter(DefaultAccountAdapter):  # type: ignore[misc]  # allauth ships no types
    """No open sign-up: accounts come from `agencies.actions.people.accept`."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def pre_authenticate(self, request: HttpRequest, **credentials: Any) -> None:
        super().pre_authenticate(request, **credentials)
        if sign_ins.too_many_failed(credentials["email"], self.get_client_ip(request)):
            raise self.validation_error("too_many_login_attempts")

    def authentication_failed(self, request: HttpRequest, **credentials: Any) -> None:
        sign_ins.note_failed(credentials["email"], self.get_client_ip(request))

    def set_password(self, user: Person, password: str) -> None:
        super().set_password(user, password)
        sign_ins.forgive(user.email)

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

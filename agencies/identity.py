"""Sign-in rules: by invitation only, nobody learns who has an account, people keep one name."""

from allauth.account.adapter import DefaultAccountAdapter
from django.http import HttpRequest


class InvitationOnlyAdapter(DefaultAccountAdapter):  # type: ignore[misc]  # allauth ships no types
    """No open sign-up: accounts come from `agencies.actions.people.accept`."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

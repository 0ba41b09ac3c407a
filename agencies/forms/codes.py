"""The second step at sign-in, with its failures counted in the database like those of the first."""

from typing import Any

from allauth.account.adapter import get_adapter
from allauth.core import context
from allauth.mfa.base.forms import AuthenticateForm, ReauthenticateForm
from django.core.exceptions import ValidationError

from agencies.actions import sign_ins


class Counted:
    user: Any

    def clean_code(self) -> str:
        account, adapter = f"second step of {self.user.pk}", get_adapter()
        address = adapter.get_client_ip(context.request)
        if sign_ins.too_many_failed(account, address):
            raise adapter.validation_error("too_many_login_attempts")
        try:
            return str(super().clean_code())  # type: ignore[misc]  # of the form it is mixed into
        except ValidationError:
            sign_ins.note_failed(account, address)
            raise


class CodeForm(Counted, AuthenticateForm):  # type: ignore[misc]  # allauth is not annotated
    pass


class CodeAgainForm(Counted, ReauthenticateForm):  # type: ignore[misc]  # allauth is not annotated
    pass

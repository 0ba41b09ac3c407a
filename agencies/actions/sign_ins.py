"""Failed sign-ins are counted in the database, so that guessing is slow also while the cache is away.

allauth counts in the cache alone, by the same two limits.
"""

from datetime import timedelta

from django.conf import settings
from django.utils import timezone
from django.utils.crypto import salted_hmac

from agencies.models import FailedSignIn

KEPT = timedelta(days=1)


def note_failed(account: str, address: str) -> None:
    FailedSignIn.objects.create(account_sha256=_hash(account), address_sha256=_hash(address))


def too_many_failed(account: str, address: str) -> bool:
    return _reached(settings.FAILED_OF_ACCOUNT, account_sha256=_hash(account)) or _reached(
        settings.FAILED_OF_ADDRESS, address_sha256=_hash(address)
    )


def _reached(limit: tuple[int, int], **whose: str) -> bool:
    most, seconds = limit
    since = timezone.now() - timedelta(seconds=seconds)
    return FailedSignIn.objects.filter(at__gt=since, **whose).count() >= most


def forgive(account: str) -> None:
    """Whoever proved the address by a link may try the new password at once."""
    FailedSignIn.objects.filter(account_sha256=_hash(account)).delete()


def forget_failed() -> int:
    """Removes what no limit counts any more. Returns how many rows went."""
    removed, _ = FailedSignIn.objects.filter(at__lt=timezone.now() - KEPT).delete()
    return removed


def _hash(text: str) -> str:
    return salted_hmac("agencies.sign_ins", text.strip().lower(), algorithm="sha256").hexdigest()

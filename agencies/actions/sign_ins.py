"""Failed sign-ins are counted in the database, so that guessing is slow also while the cache is away.

allauth counts in the cache alone; the limits are those of ACCOUNT_RATE_LIMITS, "login_failed".
"""

from datetime import timedelta
from hashlib import sha256

from django.conf import settings
from django.utils import timezone

from agencies.models import FailedSignIn

KEPT = timedelta(days=1)


def note_failed(account: str, address: str) -> None:
    FailedSignIn.objects.create(account_sha256=_hash(account), address_sha256=_hash(address))


def too_many_failed(account: str, address: str) -> bool:
    now = timezone.now()
    of_account = FailedSignIn.objects.filter(account_sha256=_hash(account), at__gt=now - timedelta(minutes=5))
    of_address = FailedSignIn.objects.filter(address_sha256=_hash(address), at__gt=now - timedelta(minutes=1))
    return of_account.count() >= 5 or of_address.count() >= 10


def forgive(account: str) -> None:
    """Whoever proved the address by a link may try the new password at once."""
    FailedSignIn.objects.filter(account_sha256=_hash(account)).delete()


def forget_failed() -> int:
    """Removes what no limit counts any more. Returns how many rows went."""
    removed, _ = FailedSignIn.objects.filter(at__lt=timezone.now() - KEPT).delete()
    return removed


def _hash(text: str) -> str:
    return sha256(f"{settings.SECRET_KEY}:{text.strip().lower()}".encode()).hexdigest()

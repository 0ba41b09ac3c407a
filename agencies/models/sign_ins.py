"""Sign-ins that failed. Stands outside every state: nobody is known yet."""

from django.db import models
from django.utils import timezone


class FailedSignIn(models.Model):
    """Kept as hashes and for a day at most: enough to count by, nothing to read."""

    account_sha256 = models.CharField(max_length=64)
    address_sha256 = models.CharField(max_length=64)
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        indexes = [
            models.Index(fields=["account_sha256", "at"], name="failed_sign_ins_by_account"),
            models.Index(fields=["address_sha256", "at"], name="failed_sign_ins_by_address"),
        ]

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M}"

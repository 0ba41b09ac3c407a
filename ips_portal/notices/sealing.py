"""Links that are keys are not kept readable: the table, its history and a backup hold them sealed.

The seal comes from SECRET_KEY, which none of the three contains.
"""

from base64 import urlsafe_b64encode
from hashlib import sha256

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from django.conf import settings


class BrokenSeal(Exception):
    """The link was sealed under a SECRET_KEY that is no longer known."""


def seal(link: str) -> str:
    return _seals().encrypt(link.encode()).decode()


def unseal(sealed: str) -> str:
    try:
        return _seals().decrypt(sealed.encode()).decode()
    except InvalidToken as error:
        raise BrokenSeal from error


def _seals() -> MultiFernet:
    keys = [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]
    return MultiFernet([Fernet(_stretched(str(key))) for key in keys])


def _stretched(key: str) -> bytes:
    return urlsafe_b64encode(sha256(b"ips_portal.notices.link" + key.encode()).digest())

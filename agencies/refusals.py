"""Why something was refused, in words a person can act on. The same words go to the screen, the API and the log."""

from typing import Any


class Refusal(Exception):
    """Base of every refusal. `status` is the HTTP answer; `field` names the form field it belongs to, if one."""

    status = 422

    def __init__(self, message: str, *, field: str | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.field = field
        self.fields = {field: [message]} if field else {}


class NotPermitted(Refusal):
    """The person may see the record but not do this to it."""

    status = 403


class WrongStatus(Refusal):
    """The record's status forbids it now."""

    status = 409


class StaleVersion(Refusal):
    """Somebody saved first. `current` is what is stored now, so that both values can be shown."""

    status = 409

    def __init__(self, message: str, *, current: dict[str, Any]) -> None:
        super().__init__(message)
        self.current = current


class Unacceptable(Refusal):
    """The values cannot be taken as they are. `fields` names what is wrong with each of several."""

    def __init__(
        self, message: str, *, field: str | None = None, fields: dict[str, list[str]] | None = None
    ) -> None:
        super().__init__(message, field=field)
        if fields is not None:
            self.fields = fields


class Malformed(Unacceptable):
    """Not a request of the agreed kind at all."""

    status = 400


class TooLarge(Malformed):
    status = 413


class Unidentified(Refusal):
    """Nobody knows who asks. One text for a token that is missing, wrong, expired, revoked or of another state."""

    status = 401


class TooMany(Refusal):
    """Too many requests. `seconds` is how long to wait."""

    status = 429

    def __init__(self, message: str, *, seconds: int) -> None:
        super().__init__(message)
        self.seconds = seconds

"""What every import of a file has in common: it is kept until it is done or thrown away, and agreed to as it is."""

import hashlib
from collections.abc import Callable
from datetime import timedelta
from typing import Any, TypeVar
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils import timezone

from agencies import tenancy
from agencies.models import State
from agencies.models.files import NAME_LIMIT, FileImport
from agencies.permissions import Actor
from agencies.refusals import Unacceptable, WrongStatus
from ips_portal.importing.columns import Column
from ips_portal.importing.staging import Staged

F = TypeVar("F", bound=FileImport)
Status, Choice = FileImport.Status, FileImport.Choice
KEPT_DAYS = 7


def digest_of(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def named(file_name: str) -> str:
    """The end of a long name: there stands what kind of file it is."""
    return file_name[-NAME_LIMIT:]


def keep(found: F, again: Callable[[], F | None]) -> F:
    """Stores a staged file, or answers with the one that was sent at the same moment. Raises WrongStatus."""
    try:
        with transaction.atomic():
            found.save(force_insert=True)
    except IntegrityError:  # the same file at once: a second click, or another window
        earlier = again()
        if earlier is None or not earlier.is_open:
            raise WrongStatus("This file is being uploaded already. Nothing was changed.") from None
        return earlier
    return found


def check_open(found: FileImport) -> None:
    if not found.is_open:
        day = timezone.localtime(found.finished_at)
        raise WrongStatus(
            f"This file was {found.get_status_display().lower()} on {day:%B %-d}. Nothing was changed."
        )


def check_agreed(staged: Staged, choice: str, *, leaves_out: bool, is_all_good: bool, has_good: bool) -> None:
    unknown = staged.layout.unknown
    if unknown and not leaves_out:
        raise Unacceptable(f"Agree that these columns are left out: {listed(unknown)}.", field="leaves_out")
    if choice == Choice.ALL and not is_all_good:
        raise Unacceptable(
            "Not all rows are good by now. Nothing was saved. Look at the table, then choose again."
        )
    if not has_good:
        raise Unacceptable("No row of this file can be saved. Nothing was changed. Correct the file first.")


def listed(columns: tuple[Column, ...]) -> str:
    return ", ".join(f"{column.letter} (“{column.heading}”)" for column in columns)


def finish(
    found: FileImport, *, choice: str, key: UUID, counts: dict[str, int], left_out: list[list[Any]]
) -> None:
    """Nothing of the file is kept but how it went."""
    found.status, found.choice, found.submit_key = Status.DONE, choice, key
    found.counts, found.left_out, found.staged = counts, left_out, {}
    found.finished_at = timezone.now()
    found.save()


def throw_away(found: F, by: Actor) -> F:
    """Nothing of the file is kept but its name. Raises WrongStatus once it is over."""
    rows = type(found).objects.visible_to(by).filter(status=Status.PREVIEWED)  # type: ignore[attr-defined]
    changed = rows.filter(pk=found.pk).update(**gone())
    found.refresh_from_db()
    if not changed:
        check_open(found)
    return found


def clear_old(imports: type[FileImport]) -> None:
    """Each night: what nobody went on with for a week is thrown away."""
    for state in State.objects.all():
        with tenancy.as_system(state.pk):
            old = timezone.now() - timedelta(days=KEPT_DAYS)
            rows = imports.objects.in_state(state.pk).filter(status=Status.PREVIEWED)  # type: ignore[attr-defined]
            rows.filter(uploaded_at__lt=old).update(**gone())


def gone() -> dict[str, object]:
    return {"status": Status.DISCARDED, "staged": {}, "finished_at": timezone.now()}

from celery import shared_task

from agencies.models import State
from ips_portal.notices import delivery, mornings
from ips_portal.notices.actions import digests


@shared_task(name="notices.deliver")
def deliver(state_id: int, message_id: int) -> None:
    delivery.deliver(state_id, message_id)


@shared_task(name="notices.deliver_due")
def deliver_due() -> None:
    delivery.deliver_due()


@shared_task(name="notices.digest")
def digest(state_id: int, person_id: int) -> None:
    digests.make_digest(State.objects.get(pk=state_id), person_id)


@shared_task(name="notices.digests")
def ring_for_digests() -> None:
    digests.ring_for_digests()


@shared_task(name="notices.morning")
def morning(state_id: int, name: str) -> None:
    mornings.look(state_id, name)


@shared_task(name="notices.mornings")
def ring_for_mornings() -> None:
    mornings.ring_for_mornings()

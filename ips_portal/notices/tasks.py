from celery import shared_task

from ips_portal.notices import delivery


@shared_task(name="notices.deliver")
def deliver(state_id: int, message_id: int) -> None:
    delivery.deliver(state_id, message_id)


@shared_task(name="notices.deliver_due")
def deliver_due() -> None:
    delivery.deliver_due()

"""What a mail looks like: the words of its notices in one frame, as text and as HTML.

Both are made from the same `Letter`, so they cannot say different things; HTML escapes every word of it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import urlsplit

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.template.loader import render_to_string

from agencies.models import State
from ips_portal.notices import register, sealing
from ips_portal.notices.models import Message
from ips_portal.notices.pacing import Pace


@dataclass(frozen=True)
class Part:
    """One notice of a digest."""

    subject: str
    paragraphs: tuple[str, ...]
    button: str
    link: str
    why: str


@dataclass(frozen=True)
class Letter:
    """One mail. It has one button; the parts of a digest have links of their own."""

    recipient: str
    main: Part
    parts: tuple[Part, ...]
    choose: str  # where its reader says how often they want such mail; empty where that is not theirs to say
    program: str
    portal: str
    brand: str
    ink: str

    def text(self) -> str:
        return render_to_string("email/_letter.txt", {"letter": self}).strip() + "\n"

    def html(self) -> str:
        return render_to_string("email/letter.html", {"letter": self})


def letter(message: Message, parts: Sequence[Message] = ()) -> Letter:
    """Raises BrokenSeal where a link cannot be read any more, LookupError where no app knows the notice."""
    state: State = message.state
    can_wait = message.person_id and register.named(message.notice).pace is Pace.DIGEST
    return Letter(
        recipient=message.name,
        main=part_of(message),
        parts=tuple(map(part_of, parts)),
        choose=f"{settings.BASE_URL}/{state.slug}/notices/mine/" if can_wait else "",
        program=state.program_name or state.name,
        portal=settings.BASE_URL,
        brand=state.brand,
        ink=state.brand_ink,
    )


def part_of(message: Message) -> Part:
    notice = register.named(message.notice)
    paragraphs = tuple(
        " ".join(paragraph.split()) for paragraph in message.body.split("\n\n") if paragraph.strip()
    )
    return Part(message.subject, paragraphs, notice.button, sealing.unseal(message.link), notice.why)


def mail(message: Message, parts: Sequence[Message] = ()) -> EmailMultiAlternatives:
    made = letter(message, parts)
    host = urlsplit(settings.BASE_URL).hostname
    sent = EmailMultiAlternatives(
        message.subject,
        made.text(),
        to=[message.address],
        headers={
            "Message-ID": f"<message-{message.state_id}-{message.pk}@{host}>",
            "Auto-Submitted": "auto-generated",
        },
    )
    sent.attach_alternative(made.html(), "text/html")
    return sent

"""The tenant, its own words, its populations and its dated policies."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.db import connection, models
from django.utils import timezone

from agencies.tenancy import Reach, TenantModel, TenantQuerySet

# Every template takes these words from the state. Source: domain reference, section 7.
DEFAULT_WORDS = {
    "person_served": "client",
    "people_served": "clients",
    "agency": "agency",
    "agencies": "agencies",
    "specialist": "IPS specialist",
    "specialists": "IPS specialists",
    "review": "fidelity review",
    "reviews": "fidelity reviews",
}
# Zones that US states keep, by the names people know; others are valid but not offered.
ZONES = {
    "America/New_York": "Eastern",
    "America/Indiana/Indianapolis": "Eastern (Indiana)",
    "America/Chicago": "Central",
    "America/Denver": "Mountain",
    "America/Phoenix": "Mountain without daylight saving (Arizona)",
    "America/Los_Angeles": "Pacific",
    "America/Anchorage": "Alaska",
    "Pacific/Honolulu": "Hawaii",
    "America/Puerto_Rico": "Atlantic (Puerto Rico)",
    "Pacific/Guam": "Chamorro (Guam)",
}
# First path segments that can never be a state.
RESERVED_SLUGS = frozenset(
    {"accounts", "account", "api", "health", "static", "media", "admin", "sw.js", "favicon.ico", "robots.txt"}
    | {"help", "invitation", "mail", "offline", "accessibility", "licenses", "state", "states", "security"}
    | {"manifest.json", ".well-known", "public"}
)


class State(models.Model):
    """A US state running an IPS program: the tenant. Stands outside row-level security."""

    slug = models.SlugField(max_length=40, unique=True)
    name = models.CharField(max_length=100)
    program_name = models.CharField(max_length=120)
    zone = models.CharField("time zone", max_length=60, default="America/Chicago")
    words = models.JSONField(default=dict, blank=True)
    contact_name = models.CharField(max_length=120, blank=True)
    contact_email = models.EmailField(blank=True)
    brand = models.CharField("header color", max_length=7, default="#1a4480")
    brand_ink = models.CharField("text on the header", max_length=7, default="#ffffff")
    brand_accent = models.CharField("accent color", max_length=7, default="#005ea2")
    logo_sha256 = models.CharField(max_length=64, blank=True)
    theme_version = models.PositiveIntegerField(default=1)
    requires_second_factor = models.BooleanField("everybody signs in with a second factor", default=False)
    started_on = models.DateField()

    class Meta:
        ordering = ("name",)

    def __str__(self) -> str:
        return self.name

    @property
    def terms(self) -> dict[str, str]:
        own: dict[str, str] = self.words
        return DEFAULT_WORDS | own

    @property
    def zone_name(self) -> str:
        return ZONES.get(self.zone, self.zone)

    @property
    def time_words(self) -> str:
        """As the end of a sentence: "Central time", "Eastern time (Indiana)"; another zone by its city."""
        city = self.zone.rpartition("/")[2].replace("_", " ")
        name, paren, place = ZONES.get(self.zone, city).partition(" (")
        return f"{name} time{paren}{place}"

    def now(self) -> datetime:
        return timezone.now().astimezone(ZoneInfo(self.zone))

    def today(self) -> date:
        """Deadlines are dates in the state's zone."""
        return self.now().date()


def states_of(person_id: int) -> list[State]:
    """The states a person belongs to now, found outside of every state's context by a listed definer function."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT state_id FROM agencies_states_of(%s)", [person_id])
        ids = [row[0] for row in cursor.fetchall()]
    return list(State.objects.filter(pk__in=ids))


class StatePolicyQuerySet(TenantQuerySet):
    def in_force(self, subject: str, on: date) -> "StatePolicyQuerySet":
        """The policy of a subject on a day is the last one that began by then."""
        return self.filter(subject=subject, effective_from__lte=on).order_by("-effective_from")


class StatePolicy(TenantModel):
    """One dated rule set of a state. `data` holds only what the state itself states."""

    reach = Reach.SHARED

    class Subject(models.TextChoices):
        FIDELITY = "fidelity", "Fidelity reviews"
        OUTCOMES = "outcomes", "Quarterly outcomes"
        NEED = "need", "People eligible for IPS"
        FUNDING = "funding", "Funding"
        BILLING = "billing", "Billing guidance"

    subject = models.CharField(max_length=40, choices=Subject.choices)
    name = models.CharField(max_length=120)
    effective_from = models.DateField()
    data = models.JSONField(default=dict)
    source = models.TextField(blank=True)

    objects = StatePolicyQuerySet.as_manager()

    class Meta:
        ordering = ("subject", "-effective_from")
        constraints = [
            models.UniqueConstraint(
                fields=["state", "subject", "effective_from"], name="one_policy_starts_on_a_day"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name}, from {self.effective_from}"


def policy_data(state_id: int, subject: str, on: date) -> dict[str, Any]:
    """What the state states about a subject on a day; empty when it states nothing."""
    row = StatePolicy.objects.in_state(state_id).in_force(subject, on).first()
    return row.data if row else {}


@dataclass(frozen=True)
class Stated:
    """All a state has stated, newest first: for pages that go by several subjects or days."""

    rows: tuple[StatePolicy, ...]

    def on(self, subject: str, day: date) -> StatePolicy | None:
        """What is in force on a day is the last one that began by then."""
        return next((row for row in self.rows if row.subject == subject and row.effective_from <= day), None)

    def data(self, subject: str, day: date) -> dict[str, Any]:
        row = self.on(subject, day)
        return row.data if row else {}


def stated(state_id: int) -> Stated:
    """One query."""
    return Stated(tuple(StatePolicy.objects.in_state(state_id).order_by("-effective_from")))


class Population(TenantModel):
    """A population teams may serve, from the state's own list."""

    reach = Reach.SHARED

    name = models.CharField(max_length=80)

    objects = TenantQuerySet.as_manager()

    class Meta:
        ordering = ("name",)
        constraints = [
            models.UniqueConstraint(fields=["state", "name"], name="population_names_are_unique_in_a_state")
        ]

    def __str__(self) -> str:
        return self.name

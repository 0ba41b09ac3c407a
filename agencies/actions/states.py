"""A state's own settings: profile, words, look, populations, and how its people sign in."""

from collections.abc import Mapping
from dataclasses import dataclass
from zoneinfo import available_timezones

from django.db import IntegrityError, transaction

from agencies import colors, logos
from agencies.models import Population, State, TeamPopulation
from agencies.models.states import DEFAULT_WORDS
from agencies.permissions import Actor, Decision, Place, Resource, require
from agencies.refusals import NotPermitted, Unacceptable


@dataclass(frozen=True)
class StateProfile:
    name: str
    program_name: str
    zone: str
    contact_name: str
    contact_email: str


@dataclass(frozen=True)
class Theme:
    brand: str
    brand_ink: str
    brand_accent: str


@transaction.atomic(savepoint=False)
def change_profile(state: State, *, profile: StateProfile, by: Actor) -> State:
    _may_edit(state, by)
    if profile.zone not in available_timezones():
        raise Unacceptable("Choose a time zone from the list.", field="zone")
    changed = {name: value for name, value in vars(profile).items() if getattr(state, name) != value}
    for name, value in changed.items():
        setattr(state, name, value)
    state.save(update_fields=list(changed))  # nothing else: a colleague may be changing the rest
    return state


@transaction.atomic(savepoint=False)
def change_words(state: State, *, words: Mapping[str, str], by: Actor) -> State:
    """Keeps only what differs from the portal's own words, so that those can still improve."""
    require_settings(state, by)
    unknown = set(words) - set(DEFAULT_WORDS)
    if unknown:
        raise Unacceptable(f"Unknown field: {sorted(unknown)[0]}")
    state.words = {key: word for key, word in words.items() if word and word != DEFAULT_WORDS[key]}
    state.save(update_fields=["words"])
    return state


@transaction.atomic(savepoint=False)
def require_second_factor(state: State, *, required: bool, by: Actor) -> State:
    require_settings(state, by)
    state.requires_second_factor = required
    state.save(update_fields=["requires_second_factor"])
    return state


@transaction.atomic(savepoint=False)
def change_theme(state: State, *, theme: Theme, by: Actor) -> State:
    """Colors that everybody can read, or a refusal with the computed ratio. Source: screens reference, Theming."""
    require_settings(state, by)
    values = {name: _color(name, text) for name, text in vars(theme).items()}
    on_header = colors.contrast(values["brand"], values["brand_ink"])
    if on_header < colors.TEXT_MINIMUM:
        raise Unacceptable(
            f"The text on the header has a contrast of {_ratio(on_header)} to 1. It needs 4.5 to 1 to be readable.",
            field="brand_ink",
        )
    on_page = colors.contrast(values["brand_accent"], colors.WHITE)
    if on_page < colors.EDGE_MINIMUM:
        raise Unacceptable(
            f"On white this color has a contrast of {_ratio(on_page)} to 1. It needs 3 to 1 to be seen.",
            field="brand_accent",
        )
    for name, value in values.items():
        setattr(state, name, value)
    return _redress(state, list(values))


@transaction.atomic(savepoint=False)
def change_logo(state: State, *, content: bytes, by: Actor) -> State:
    require_settings(state, by)
    try:
        drawn = logos.redraw(content)
    except ValueError as error:
        raise Unacceptable(str(error), field="logo") from error
    state.logo_sha256 = logos.keep(state, drawn)
    return _redress(state, ["logo_sha256"])


@transaction.atomic(savepoint=False)
def remove_logo(state: State, *, by: Actor) -> State:
    require_settings(state, by)
    state.logo_sha256 = ""
    return _redress(state, ["logo_sha256"])


@transaction.atomic(savepoint=False)
def add_population(state: State, *, name: str, by: Actor) -> Population:
    require_settings(state, by)
    if Population.objects.in_state(state.pk).filter(name__iexact=name).exists():
        raise Unacceptable(f"{name} is on the list already.", field="name")
    try:
        with transaction.atomic():
            return Population.objects.create(state=state, name=name)
    except IntegrityError as error:
        raise Unacceptable(f"{name} is on the list already.", field="name") from error


@transaction.atomic(savepoint=False)
def remove_population(population: Population, *, by: Actor) -> None:
    """Only what no team serves: a population that is in use is part of those teams' description."""
    require_settings(population.state, by)
    teams = TeamPopulation.objects.filter(population=population).count()
    if teams:
        raise Unacceptable(
            f"{population} is served by {teams} {'team' if teams == 1 else 'teams'}. "
            "Take it off their pages first. Nothing was changed."
        )
    population.delete()


def _may_edit(state: State, by: Actor) -> Decision:
    return require(by, "edit", Resource.STATE, Place(state.pk))


def require_settings(state: State, by: Actor) -> None:
    """Everything beyond the public profile. Raises NotPermitted."""
    if _may_edit(state, by).names_only:
        raise NotPermitted(
            f"As {by.role.label} you may change the name and contact of {state}, not its settings. "
            "Nothing was changed."
        )


def _redress(state: State, changed: list[str]) -> State:
    """A new version in the address of the style sheet makes every browser fetch it anew."""
    state.theme_version += 1
    state.save(update_fields=[*changed, "theme_version"])
    return state


def _color(field: str, text: str) -> str:
    try:
        return colors.parse(text)
    except ValueError as error:
        raise Unacceptable(str(error), field=field) from error


def _ratio(value: float) -> str:
    """Rounded down, so that 4.49 is never shown as the 4.5 it misses."""
    return f"{int(value * 100) / 100:.2f}"

"""Small pieces that stand on every page and in every row, each drawn once in a process."""

from functools import lru_cache
from typing import Any

from django import template
from django.template.loader import render_to_string
from django.urls import reverse

register = template.Library()


@register.simple_tag
@lru_cache
def icon(name: str) -> str:
    return render_to_string("_icon.html", {"icon": name})


@register.simple_tag
@lru_cache
def chip(kind: str, text: str) -> str:
    return render_to_string("_chip.html", {"kind": kind, "text": text})


@register.simple_tag
@lru_cache
def score(rating: int | None, label: str = "") -> str:
    return render_to_string("_score.html", {"rating": rating, "label": label})


@register.simple_tag
@lru_cache(maxsize=2048)
def drawn(template: str, **given: Any) -> str:
    """A piece of a page, such as a row of a table: where everything given is the same it is drawn once in a process."""
    return render_to_string(template, given)


@register.simple_tag
@lru_cache(maxsize=512)
def anchors_to_choose(**given: Any) -> str:
    """As `drawn`, apart from it: large pieces, one for each item of a consensus, that would push rows of tables out."""
    return render_to_string("fidelity/_consensus_anchors.html", given)


@register.simple_tag
@lru_cache(maxsize=4096)
def address(name: str, *parts: Any) -> str:
    """As `{% url %}`, for tables whose every row leads somewhere."""
    return reverse(name, args=parts)


@register.simple_tag(takes_context=True)
def turned(context: Any, name: str, number: int) -> str:
    """This page's own query with another page of one of its lists."""
    query = context["request"].GET.copy()
    query[name] = str(number)
    return f"?{query.urlencode()}"

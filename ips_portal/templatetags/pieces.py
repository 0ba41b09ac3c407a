"""Small pieces that stand on every page and in every row, each drawn once in a process."""

from functools import lru_cache

from django import template
from django.template.loader import render_to_string

register = template.Library()


@register.simple_tag
@lru_cache
def icon(name: str) -> str:
    return render_to_string("_icon.html", {"icon": name})


@register.simple_tag
@lru_cache
def chip(kind: str, text: str) -> str:
    return render_to_string("_chip.html", {"kind": kind, "text": text})

"""A status as icon and word. A page has many of few kinds, so each is drawn once in a process."""

from functools import lru_cache

from django import template
from django.template.loader import render_to_string
from django.utils.safestring import SafeString

register = template.Library()


@register.simple_tag
@lru_cache(maxsize=256)
def chip(kind: str, text: str) -> SafeString:
    return render_to_string("_chip.html", {"kind": kind, "text": text})

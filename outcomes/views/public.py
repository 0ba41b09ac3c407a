"""A state's outcomes for anybody: no sign-in, no cookie, the same bytes for everybody.

The page is drawn without the request, so that nothing of whoever asks can stand in it and any cache may keep it.
"""

from datetime import date

from django.http import Http404, HttpRequest, HttpResponse
from django.template.loader import get_template
from django.utils.cache import patch_cache_control
from django.views.decorators.http import require_safe

from ips_portal.downloads import csv_file
from outcomes.dashboards.public import COUNTED, ROUNDED, PublicPage, public_page, public_table

KEPT = 3600  # seconds that a cache may keep it: so long an old page stands after the state has closed it


@require_safe
def public_outcomes(request: HttpRequest, place: str) -> HttpResponse:
    page = found(place)
    context = {
        "page": page,
        "published_on": date.fromisoformat(page.published_on),
        "rounded": ROUNDED,
        "counted": COUNTED,
    }
    return kept(HttpResponse(get_template("outcomes/public_outcomes.html").render(context)))


@require_safe
def public_file(request: HttpRequest, place: str) -> HttpResponse:
    page = found(place)
    return kept(csv_file(public_table(page), f"ips-outcomes-{place}-{page.quarter.slug}.csv"))


def found(place: str) -> PublicPage:
    page = public_page(place)
    if page is None:
        raise Http404
    return page


def kept(response: HttpResponse) -> HttpResponse:
    patch_cache_control(response, public=True, max_age=KEPT)
    return response

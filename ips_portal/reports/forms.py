from typing import Any

from django import forms

from agencies.forms.filters import Filter
from agencies.models import Team
from agencies.permissions import Actor
from ips_portal.reports import kinds
from ips_portal.reports.models import ReportQuerySet, ReportRequest


class ReportFilter(Filter):
    """What the list shows; held in the address."""

    kind = forms.ChoiceField(required=False)
    status = forms.ChoiceField(required=False, choices=[("", "Any status"), *ReportRequest.Status.choices])
    team = forms.ChoiceField(required=False)

    def __init__(self, data: Any, *, actor: Actor) -> None:
        super().__init__(data)
        labels = [(kind.key, kind.label) for kind in kinds.registered().values()]
        teams = Team.objects.visible_to(actor).values_list("slug", "name")
        self.offer("kind", "Any kind", labels)
        self.offer("team", "Any team", teams)

    def narrow(self, reports: ReportQuerySet) -> ReportQuerySet:
        """A choice nobody offered narrows nothing; the form says so beside its field."""
        if not self.is_valid():
            return reports.none()
        chosen = self.cleaned_data
        if chosen["kind"]:
            reports = reports.filter(kind=chosen["kind"])
        if chosen["status"]:
            reports = reports.filter(status=chosen["status"])
        if chosen["team"]:
            reports = reports.filter(team__slug=chosen["team"])
        return reports

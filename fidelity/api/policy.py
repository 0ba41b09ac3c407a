"""The fidelity policy in force on a day, and the scale its reviews use."""

from collections.abc import Iterable
from dataclasses import asdict
from datetime import date

from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from agencies.api.endpoint import Endpoint, opens
from agencies.permissions import Resource
from agencies.refusals import Unacceptable
from fidelity.actions import policies
from fidelity.actions.scales import add_scale
from fidelity.actions.wording import load_wording
from fidelity.api.rules import RulesEffect, RulesIn, RulesRead
from fidelity.dashboards.policy import policy_page, scale_page
from fidelity.dashboards.scales import ScaleLine, scale_list
from fidelity.dashboards.what_if import as_json
from fidelity.forms.policies import PATHS
from fidelity.in_force import scale_version_on
from fidelity.lines import LONGEST
from fidelity.models import NOTE_LIMIT
from fidelity.policy import PolicyRow
from fidelity.policy_fields import BY_PATH
from fidelity.scales import Band
from ips_portal.api.fields import Several, Text, Whole
from ips_portal.api.shapes import Answer, Out, Query, Shape, Values, day


class On(Query):
    on = day("The day it is in force; today when left out.")


class RuleOut(Out):
    path = serializers.CharField()
    group = serializers.CharField()
    name = serializers.CharField(source="label")
    value = serializers.JSONField(help_text="As it is sent to decide it; null for none.")
    words = serializers.CharField(allow_blank=True)
    is_stated = serializers.BooleanField(help_text="By this state; otherwise the national default.")
    is_decided_here = serializers.SerializerMethodField(help_text="With POST; otherwise it is only read.")
    cited = serializers.CharField(source="source", allow_blank=True)

    def get_is_decided_here(self, row: PolicyRow) -> bool:
        return row.path in PATHS


class VersionOut(Out):
    name = serializers.CharField()
    effective_from = serializers.DateField()


class PolicyOut(Out):
    name = serializers.CharField()
    on = serializers.DateField()
    effective_from = serializers.DateField(allow_null=True)
    cited = serializers.CharField(source="source", allow_blank=True)
    part = serializers.CharField(
        allow_blank=True, help_text="The name of the part whose totals are meant, where the scale has parts."
    )
    rules = RuleOut(many=True)
    versions = VersionOut(many=True)


class LevelOut(Out):
    level = serializers.IntegerField()
    text = serializers.CharField()
    is_official = serializers.BooleanField()


class ItemOut(Out):
    code = serializers.CharField()
    seq = serializers.IntegerField()
    name = serializers.CharField()
    measure = serializers.CharField(allow_blank=True)
    sources = serializers.ListField(child=serializers.CharField())
    anchors = LevelOut(many=True)


class ScaleSection(Out):
    name = serializers.CharField()
    part = serializers.CharField(
        allow_blank=True, help_text="Its code, where the scale has a total per part."
    )
    items = ItemOut(many=True)


class BandOut(Out):
    name = serializers.CharField()
    minimum = serializers.IntegerField()
    maximum = serializers.IntegerField()


class ScalePart(Out):
    code = serializers.CharField()
    name = serializers.CharField()
    leads = serializers.BooleanField(help_text="Its total is the one that rules ask for and lists show.")
    lowest = serializers.IntegerField()
    possible = serializers.IntegerField()
    bands = BandOut(many=True)


class ScaleOut(Out):
    key = serializers.CharField()
    name = serializers.CharField()
    sections = ScaleSection(many=True)
    bands = BandOut(many=True, help_text="Of the leading part, where there are parts.")
    parts = ScalePart(many=True, help_text="Where the scale reports a total per part and none for all.")


class AnchorIn(Shape):
    item = Text(max_length=10, help_text="The code of the item, such as SV6.")
    level = Whole(min_value=1, max_value=9)
    text = Text(max_length=NOTE_LIMIT)


class WordingIn(Shape):
    anchors = Several(AnchorIn(), max_length=1000, help_text="All of them; none takes the wording out.")


class WordingOut(Out):
    count = serializers.IntegerField()


class ScaleLineOut(Out):
    id = serializers.IntegerField(source="version.pk")
    key = serializers.CharField(source="version.key")
    name = serializers.CharField(source="version.name")
    effective_from = serializers.DateField(source="version.effective_from")
    items = serializers.SerializerMethodField(help_text="How many.")
    is_own = serializers.BooleanField(help_text="The state's; otherwise it comes with the portal.")
    is_used = serializers.BooleanField(help_text="By reviews that begin today.")

    def get_items(self, line: ScaleLine) -> int:
        return len(line.scale.items)


class ScaleIn(Shape):
    text = Text(max_length=LONGEST, trim_whitespace=False, help_text="YAML, as the page of scales shows it.")


class ScalesOut(Out):
    scales = ScaleLineOut(many=True, source="lines")


class AddedOut(Out):
    id = serializers.IntegerField(source="pk")
    key = serializers.CharField()
    name = serializers.CharField()
    effective_from = serializers.DateField()


class Dated(Endpoint):
    query = On

    @property
    def day(self) -> date:
        return self.chosen["on"] or self.tenant.today()


class Decided(Dated):
    def named(self, field: str) -> str:
        return f"values.{field}" if field in BY_PATH else field


class PolicyWhatIf(Decided):
    """What other rules would change: the teams that would stand elsewhere. Nothing is saved."""

    door = opens(Resource.POLICY, POST="edit")
    takes = {"POST": RulesIn}
    gives = {"POST": Answer(RulesEffect)}

    def post(self, request: Request, state: str) -> Response:
        return self.answer(as_json(policies.consider(self.tenant, **self.sent(), by=self.actor)))


class PolicyPage(Decided):
    """What the state asks of reviews on a day, rule by rule.

    POST decides rules from a day on, once `policy/what-if/` was read: 409 says what they would change by now. The same
    request sent again is answered like the first.
    """

    door = opens(Resource.POLICY, GET="view", POST="edit")
    takes = {"POST": RulesRead}
    gives = {"GET": Answer(PolicyOut), "POST": Answer(PolicyOut, 201)}

    def get(self, request: Request, state: str) -> Response:
        return self.told(self.day)

    def post(self, request: Request, state: str) -> Response:
        sent = self.sent()
        row = policies.decide(self.tenant, seen=sent.pop("version"), **sent, by=self.actor)
        return self.told(row.effective_from)

    def told(self, on: date) -> Response:
        page = policy_page(self.tenant, on)
        rules = [row for _, rows in page.groups for row in rows]
        names = ("name", "on", "effective_from", "source", "part", "versions")
        told = {name: getattr(page, name) for name in names}
        return self.answer({**told, "rules": rules})


class ScalePage(Dated):
    """The scale that new reviews use on a day: sections, items, the five anchors of each, bands."""

    door = opens(Resource.POLICY, GET="view")
    gives = {"GET": Answer(ScaleOut)}

    def get(self, request: Request, state: str) -> Response:
        page = scale_page(self.tenant, self.day)
        sections = [
            {
                "name": section.name,
                "part": section.part,
                "items": [
                    {
                        **{
                            part: getattr(each.item, part)
                            for part in ("code", "seq", "name", "measure", "sources")
                        },
                        "anchors": [
                            {"level": level, "text": text, "is_official": official}
                            for level, text, official in each.anchors
                        ],
                    }
                    for each in section.items
                ],
            }
            for section in page.sections
        ]
        return self.answer(
            {
                "key": page.scale.key,
                "name": page.scale.name,
                "sections": sections,
                "bands": bands(page.bands),
                "parts": [{**asdict(part), "bands": bands(part.bands)} for part in page.parts],
            }
        )


def bands(found: Iterable[Band]) -> list[Values]:
    return [{"name": each.label, "minimum": each.minimum, "maximum": each.maximum} for each in found]


class Wording(Endpoint):
    """Replaces the official text of the scale in force today. What is not listed is shown in the portal's own words."""

    door = opens(Resource.POLICY, PUT="edit")
    takes = {"PUT": WordingIn}
    gives = {"PUT": Answer(WordingOut)}

    def named(self, field: str) -> str:
        return "anchors" if field == "wording" else field

    def put(self, request: Request, state: str) -> Response:
        version = scale_version_on(self.tenant.pk, self.tenant.today())
        wording = {(each["item"], each["level"]): each["text"] for each in self.sent()["anchors"]}
        if len(wording) < len(self.sent()["anchors"]):
            raise Unacceptable("An anchor is listed twice.", field="anchors")
        return self.answer({"count": load_wording(self.tenant, version, wording=wording, by=self.actor)})


class Scales(Endpoint):
    """The scales the state can choose from; a new one is used once the state's rules name its key."""

    door = opens(Resource.POLICY, GET="view", POST="edit")
    takes = {"POST": ScaleIn}
    gives = {"GET": Answer(ScalesOut), "POST": Answer(AddedOut, status=201)}

    def get(self, request: Request, state: str) -> Response:
        return self.answer(scale_list(self.tenant))

    def post(self, request: Request, state: str) -> Response:
        return self.answer(add_scale(self.tenant, text=self.sent()["text"], by=self.actor))

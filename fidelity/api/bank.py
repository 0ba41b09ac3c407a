"""The bank of texts that reports of a state need again and again."""

from django.http import Http404
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from agencies.api.endpoint import Endpoint, opens
from agencies.permissions import Resource
from fidelity.actions import bank
from fidelity.actions.bank import Kept
from fidelity.api.fields import Note, Score, Version
from fidelity.dashboards.bank import SHOWN, WHOLE, listed, scales_of_bank, sees_bank
from fidelity.finding import find_bank_text
from fidelity.models import BankText
from fidelity.scales import HIGHEST, LOWEST
from ips_portal.api.fields import Choice, Text, Unique
from ips_portal.api.shapes import Answer, Out, Pages, Shape, Values, option, paged, search

PARTS = "Which text of a report it is for; “found” and “recommendation” are those of an item."


class BankTextOut(Out):
    id = serializers.IntegerField(source="pk")
    part = serializers.ChoiceField(choices=BankText.Part.choices, help_text=PARTS)
    scale = serializers.CharField(source="scale_key", allow_blank=True)
    item = serializers.CharField(
        source="item_code", allow_blank=True, help_text="Blank for a text of the whole report."
    )
    lowest = serializers.IntegerField(help_text="The lowest rating of the item it suits.")
    highest = serializers.IntegerField(help_text="The highest rating of the item it suits.")
    text = serializers.CharField()
    version = serializers.IntegerField()
    saved_at = serializers.DateTimeField()
    saved_by = serializers.CharField(source="saved_by.name")
    retired_at = serializers.DateTimeField(allow_null=True, help_text="Since then it is offered no more.")


class BankTextValues(Shape):
    part = Choice(choices=BankText.Part.choices, help_text=PARTS)
    scale = Text(max_length=40, required=False, allow_blank=True, default="", help_text="The key of a scale.")
    item = Text(max_length=10, required=False, allow_blank=True, default="", help_text="Such as SV6.")
    lowest = Score(required=False, default=LOWEST)
    highest = Score(required=False, default=HIGHEST)
    text = Note(allow_blank=False, help_text="As it may stand in the report of any team.")


class BankTextIn(BankTextValues):
    key = Unique(help_text="Your own; the same one adds once.")


class BankTextChange(BankTextValues):
    version = Version(min_value=1)


class BankTextRead(Shape):
    version = Version(min_value=1, help_text="The version that was read.")


class BankTextFilter(Pages):
    q = search("Part of the text.")
    part = option(BankText.Part.choices, "Only for this text of a report.")
    scale = search("The key of a scale; alone, for the texts of all its items.")
    item = search(f"The code of an item; “{WHOLE}” for the texts of the whole report.")
    show = option(list(SHOWN), "Otherwise those in use.")


class BankTexts(Endpoint):
    """The texts of the state, for those who write reports; whoever decides its policy adds one."""

    door = opens(Resource.POLICY, GET="view", POST="edit")
    query = BankTextFilter
    takes = {"POST": BankTextIn}
    gives = {"GET": Answer(paged(BankTextOut)), "POST": Answer(BankTextOut, 201)}

    def get(self, request: Request, state: str) -> Response:
        if not sees_bank(self.actor):
            raise Http404
        asked = {name: self.chosen[name] for name in ("q", "part", "scale", "show")}
        scales = scales_of_bank(self.tenant)
        rows, item = listed(self.actor, scales, **asked), self.chosen["item"]
        if item:
            rows = rows.filter(item_code="" if item == WHOLE else item)
        return self.answer_page(rows)

    def post(self, request: Request, state: str) -> Response:
        sent = self.sent()
        return self.answer(bank.add(self.tenant, kept=kept_of(sent), key=sent["key"], by=self.actor))


class OneBankText(Endpoint):
    """Changed as a whole, over the version that was read. Reports that took it over keep their words."""

    door = opens(Resource.POLICY, GET="view", PUT="edit")
    takes = {"PUT": BankTextChange}
    gives = {"GET": Answer(BankTextOut), "PUT": Answer(BankTextOut)}

    def get(self, request: Request, state: str, text: int) -> Response:
        return self.answer(find_bank_text(self.asked, text))

    def put(self, request: Request, state: str, text: int) -> Response:
        found, sent = find_bank_text(self.asked, text), self.sent()
        bank.change(found, kept=kept_of(sent), version=sent["version"], by=self.actor)
        return self.answer(found)


class BankTextRetire(Endpoint):
    """It is offered in no report any more, until it is brought back."""

    door = opens(Resource.POLICY, POST="edit")
    takes = {"POST": BankTextRead}
    gives = {"POST": Answer(BankTextOut)}

    def post(self, request: Request, state: str, text: int) -> Response:
        found = find_bank_text(self.asked, text)
        bank.retire(found, version=self.sent()["version"], by=self.actor)
        return self.answer(found)


class BankTextRestore(Endpoint):
    """A retired text is offered again."""

    door = opens(Resource.POLICY, POST="edit")
    takes = {"POST": BankTextRead}
    gives = {"POST": Answer(BankTextOut)}

    def post(self, request: Request, state: str, text: int) -> Response:
        found = find_bank_text(self.asked, text)
        bank.bring_back(found, version=self.sent()["version"], by=self.actor)
        return self.answer(found)


def kept_of(sent: Values) -> Kept:
    return Kept(
        sent["part"],
        sent["text"],
        sent["scale"],
        sent["item"],
        lowest=sent["lowest"],
        highest=sent["highest"],
    )

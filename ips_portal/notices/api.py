"""The register of notices, messages the portal sent, and how often a person wants what can wait."""

from django.urls import URLPattern, URLResolver, path
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from agencies.api.endpoint import Endpoint, opens
from agencies.permissions import Resource
from ips_portal.api.fields import Choice
from ips_portal.api.shapes import Answer, Out, Pages, Shape, paged
from ips_portal.notices import register
from ips_portal.notices.actions import preferences
from ips_portal.notices.models import Message, chosen
from ips_portal.notices.pacing import Chosen, Pace

PACES = [each.value for each in Chosen]


class NoticeOut(Out):
    key = serializers.CharField()
    event = serializers.CharField()
    to_whom = serializers.CharField()
    pace = serializers.ChoiceField(choices=[each.value for each in Pace])
    why = serializers.CharField()
    subject = serializers.CharField(help_text="With the names of its facts in brackets.")
    text = serializers.CharField(help_text="With the names of its facts in brackets.")


class NoticesOut(Out):
    results = NoticeOut(many=True)


class MessageOut(Out):
    notice = serializers.CharField()
    address = serializers.CharField()
    subject = serializers.CharField()
    status = serializers.ChoiceField(choices=Message.Status.values)
    created_at = serializers.DateTimeField()
    sent_at = serializers.DateTimeField(allow_null=True)
    failure = serializers.CharField(allow_blank=True, help_text="Why it was not sent.")


class PreferenceIn(Shape):
    pace = Choice(choices=PACES, help_text="How often you get what can wait.")


class PreferenceOut(Out):
    pace = serializers.ChoiceField(choices=PACES)


class NoticeList(Endpoint):
    """Every notice of the portal: who is told what, how soon, in which words, and why."""

    door = opens(Resource.STATE, GET="view")
    gives = {"GET": Answer(NoticesOut)}

    def get(self, request: Request, state: str) -> Response:
        program = self.tenant.program_name or self.tenant.name
        rows = [
            {
                "key": notice.key,
                "event": notice.event,
                "to_whom": notice.to_whom,
                "pace": notice.pace.value,
                "why": notice.why,
                "subject": sample.subject,
                "text": sample.text,
            }
            for notice in register.registered()
            for sample in [register.sample(notice, program)]
        ]
        return self.answer({"results": rows})


class MessageList(Endpoint):
    """Messages of the portal, latest first, and whether they arrived at the mail server."""

    door = opens(Resource.STATE, GET="view")
    query = Pages
    gives = {"GET": Answer(paged(MessageOut))}

    def get(self, request: Request, state: str) -> Response:
        return self.answer_page(Message.objects.visible_to(self.actor))


class MyPreference(Endpoint):
    """How often you get what can wait. What waits for you always comes at once."""

    door = opens(Resource.STATE, GET="view", PUT="view")
    takes = {"PUT": PreferenceIn}
    gives = {"GET": Answer(PreferenceOut), "PUT": Answer(PreferenceOut)}

    def get(self, request: Request, state: str) -> Response:
        return self.told()

    def put(self, request: Request, state: str) -> Response:
        preferences.choose(self.tenant, pace=Chosen(self.sent()["pace"]), by=self.actor)
        return self.told()

    def told(self) -> Response:
        return self.answer({"pace": chosen(self.tenant.pk, self.actor.person_id).value})


app_name = "notices-api"
urlpatterns: list[URLPattern | URLResolver] = [
    path("notices/", NoticeList.as_view(), name="notices"),
    path("notices/mine/", MyPreference.as_view(), name="preference"),
    path("messages/", MessageList.as_view(), name="messages"),
]

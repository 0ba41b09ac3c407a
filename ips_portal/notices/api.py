"""Messages the portal sent: all of the state for its own people, one's own for everybody else."""

from django.urls import URLPattern, URLResolver, path
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from agencies.api.endpoint import Endpoint, opens
from agencies.permissions import Resource
from ips_portal.api.shapes import Answer, Out, Pages, paged
from ips_portal.notices.models import Message


class MessageOut(Out):
    notice = serializers.CharField()
    address = serializers.CharField()
    subject = serializers.CharField()
    status = serializers.ChoiceField(choices=Message.Status.values)
    created_at = serializers.DateTimeField()
    sent_at = serializers.DateTimeField(allow_null=True)
    failure = serializers.CharField(allow_blank=True)


class MessageList(Endpoint):
    """Messages of the portal, latest first, and whether they arrived at the mail server."""

    door = opens(Resource.STATE, GET="view")
    query = Pages
    gives = {"GET": Answer(paged(MessageOut))}

    def get(self, request: Request, state: str) -> Response:
        return self.answer_page(Message.objects.visible_to(self.actor))


app_name = "notices-api"
urlpatterns: list[URLPattern | URLResolver] = [path("messages/", MessageList.as_view(), name="messages")]

"""API tokens: the list, and taking one back. They are made on a page, which shows the secret once."""

from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from agencies.access import find
from agencies.actions import tokens
from agencies.api.endpoint import Endpoint, opens
from agencies.models import ApiToken
from agencies.permissions import Resource
from ips_portal.api.shapes import Answer, Out, Pages, paged

TOKENS = ApiToken.objects.select_related("person")


class TokenOut(Out):
    id = serializers.IntegerField()
    name = serializers.CharField()
    prefix = serializers.CharField(help_text="How the secret begins.")
    owner = serializers.CharField(source="person.name")
    scope = serializers.ChoiceField(choices=ApiToken.Scope.values)
    expires_on = serializers.DateField()
    last_used_at = serializers.DateTimeField(allow_null=True)
    revoked_at = serializers.DateTimeField(allow_null=True)


class TokenList(Endpoint):
    """Your own tokens; for a state admin, all of the state."""

    door = opens(Resource.API_TOKEN, GET="view")
    query = Pages
    gives = {"GET": Answer(paged(TokenOut))}

    def get(self, request: Request, state: str) -> Response:
        return self.answer_page(TOKENS.visible_to(self.actor))


class TokenRevoke(Endpoint):
    """Takes a token back, also the one you ask with. The very next request with it is refused."""

    door = opens(Resource.API_TOKEN, POST="delete")
    gives = {"POST": Answer(TokenOut)}

    def post(self, request: Request, state: str, token: int) -> Response:
        found = find(self.asked, TOKENS, pk=token)
        self.sent()
        tokens.revoke(found, by=self.actor)
        return self.answer(TOKENS.get(pk=found.pk))

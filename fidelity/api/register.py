"""The register of reviewers: what each has learned and led."""

from django.http import Http404
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from agencies.api.endpoint import Endpoint, opens
from agencies.permissions import Resource, Scope, scope_of
from fidelity.actions.registering import LONGEST, record
from fidelity.models import ReviewerTraining
from fidelity.register import register
from ips_portal.api.fields import Choice, Day, Text, Unique, Whole
from ips_portal.api.shapes import Answer, Out, Shape


class RecordOut(Out):
    kind = serializers.ChoiceField(choices=ReviewerTraining.Kind.values)
    held_on = serializers.DateField()
    words = serializers.CharField()


class RegisteredOut(Out):
    id = serializers.IntegerField(source="person.pk")
    name = serializers.CharField(source="person.name")
    trained_on = serializers.DateField(allow_null=True)
    shadowed = serializers.IntegerField()
    co_led = serializers.IntegerField(help_text="External reviews that are issued.")
    led = serializers.IntegerField(help_text="External reviews that are issued.")
    last_on = serializers.DateField(allow_null=True)
    records = RecordOut(many=True)


class RegisterOut(Out):
    reviewers = RegisteredOut(many=True)


class RecordIn(Shape):
    person = Whole(min_value=1, max_value=2**63 - 1, help_text="The id in the register.")
    kind = Choice(choices=ReviewerTraining.Kind.choices)
    held_on = Day()
    words = Text(max_length=LONGEST, help_text="Which training, or whose review.")
    key = Unique(help_text="Your own; the same one records once.")


class Register(Endpoint):
    """For those who see every review of the state; its trainers put on record what somebody has learned."""

    door = opens(Resource.REVIEW, GET="view", POST="create")
    takes = {"POST": RecordIn}
    gives = {"GET": Answer(RegisterOut), "POST": Answer(RecordOut, status=201)}

    def check_seen(self) -> None:
        if scope_of(self.actor.role, "view", Resource.REVIEW) is not Scope.STATE:
            raise Http404

    def get(self, request: Request, state: str) -> Response:
        self.check_seen()
        return self.answer({"reviewers": register(self.tenant)})

    def post(self, request: Request, state: str) -> Response:
        self.check_seen()
        sent = self.sent()
        row = record(
            self.tenant,
            person_id=sent["person"],
            kind=sent["kind"],
            held_on=sent["held_on"],
            words=sent["words"],
            key=sent["key"],
            by=self.actor,
        )
        return self.answer(row)

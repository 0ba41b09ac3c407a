"""People who hold a seat in the state, and the invitations by which they come."""

from typing import Any

from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from agencies.access import find
from agencies.actions import invitations, people
from agencies.actions.seats import Seat
from agencies.api.endpoint import Endpoint, opens
from agencies.api.history import RecordHistory
from agencies.api.shapes import ROLES, NumberedRef, Reason, Ref, SeenAs, SeenOut, Slug, kept, one, several
from agencies.dashboards import home_agency, members_of, places_for
from agencies.models import Invitation, Membership
from agencies.permissions import Actor, Resource, Role
from ips_portal.api.fields import Choice, Key, Mail, Several
from ips_portal.api.shapes import Answer, Out, Pages, Shape, Values, option, paged, search

MEMBERSHIPS = Membership.objects.select_related("person", "agency", "payer", "state").prefetch_related(
    "teams__team"
)
INVITATIONS = Invitation.objects.select_related("agency", "team__agency", "payer", "state", "invited_by")


class PeopleFilter(Pages):
    q = search("Part of the name or e-mail.")
    role = option([role.value for role in Role])
    agency = search("The slug of an agency.")
    current = option(["now", "left", "all"], "Here now, have left, or everybody.", "now")


class PersonOut(Out):
    id = serializers.IntegerField()
    name = serializers.CharField()
    email = serializers.CharField()


class TeamLink(Out):
    slug = serializers.CharField(source="team.slug")
    name = serializers.CharField(source="team.name")


class MemberOut(Out):
    id = serializers.IntegerField()
    person = PersonOut()
    role = serializers.ChoiceField(choices=ROLES)
    role_label = serializers.CharField()
    agency = Ref(allow_null=True)
    teams = TeamLink(many=True, source="teams.all")
    payer = NumberedRef(allow_null=True)
    department = serializers.CharField(allow_blank=True)
    started_on = serializers.DateField()
    ended_on = serializers.DateField(allow_null=True)
    version = SeenOut()


class InvitationOut(Out):
    id = serializers.IntegerField()
    email = serializers.CharField()
    name = serializers.CharField()
    role = serializers.ChoiceField(choices=ROLES)
    role_label = serializers.CharField()
    agency = Ref(allow_null=True)
    team = Ref(allow_null=True)
    payer = NumberedRef(allow_null=True)
    department = serializers.CharField(allow_blank=True)
    invited_by = serializers.CharField(source="invited_by.name")
    sent_at = serializers.DateTimeField()
    expires_at = serializers.DateTimeField()
    is_expired = serializers.BooleanField()


class SeatIn(Shape):
    """Role and place. Which place a role needs is said when it is missing."""

    role = Choice(choices=ROLES)
    agency = Slug(required=False, allow_null=True, default=None)
    teams = Several(Slug(), required=False, default=list)
    payer = Key(required=False, allow_null=True, default=None)
    department = kept(Membership, "department")


class SeatChange(SeatIn):
    version = SeenAs()
    teams = Several(Slug(), help_text="All of them; none where the role has none.")
    reason = Reason().fields["reason"]


class InvitationNew(SeatIn):
    name = kept(Invitation, "name")
    email = kept(Invitation, "email", Mail)


def seat_of(sent: Values, actor: Actor) -> Seat:
    """The seat that was named, among the places the actor may give."""
    places, role = places_for(actor), Role(sent["role"])
    agency = (
        one(places.agencies, sent["agency"], field="agency") if sent["agency"] else home_agency(actor, role)
    )
    payer = one(places.payers, sent["payer"], field="payer", by="pk") if sent["payer"] else None
    teams = several(places.teams, sent["teams"], field="teams")
    return Seat(role, agency, tuple(teams), payer, sent["department"])


class MemberList(Endpoint):
    """People of the state you may see, by name."""

    door = opens(Resource.MEMBERSHIP, GET="view")
    query = PeopleFilter
    gives = {"GET": Answer(paged(MemberOut))}

    def get(self, request: Request, state: str) -> Response:
        chosen = dict(self.chosen)
        slug = chosen.pop("agency")
        rows = members_of(self.actor, self.tenant.today(), chosen)
        return self.answer_page(rows.filter(agency__slug=slug) if slug else rows)


class OneMember(Endpoint):
    def found(self, membership: int) -> Membership:
        member: Membership = find(self.asked, MEMBERSHIPS, pk=membership)
        return member


class MemberPage(OneMember):
    """One person in one role. A change holds from their next request, and they get a message."""

    door = opens(Resource.MEMBERSHIP, GET="view", PUT="edit")
    takes = {"PUT": SeatChange}
    gives = {"GET": Answer(MemberOut), "PUT": Answer(MemberOut)}

    def get(self, request: Request, state: str, membership: int) -> Response:
        return self.answer(self.found(membership))

    def put(self, request: Request, state: str, membership: int) -> Response:
        found, sent = self.found(membership), self.sent()
        changed = people.change_seat(
            found,
            seat=seat_of(sent, self.actor),
            reason=sent["reason"],
            seen_as=sent["version"],
            by=self.actor,
        )
        return self.answer(MEMBERSHIPS.get(pk=changed.pk))


class MemberRemove(OneMember):
    """Ends a role at once. What the person wrote stays."""

    door = opens(Resource.MEMBERSHIP, POST="delete")
    takes = {"POST": Reason}
    gives = {"POST": Answer(None, 204)}

    def post(self, request: Request, state: str, membership: int) -> Response:
        found = self.found(membership)
        people.remove(found, **self.sent(), by=self.actor)
        return self.answer()


class MemberHistory(RecordHistory):
    """What was changed on a role, newest first."""

    door = opens(Resource.MEMBERSHIP, GET="view")

    def get(self, request: Request, state: str, membership: int) -> Response:
        found = find(self.asked, MEMBERSHIPS, pk=membership)
        return self.changes_of(found, found.place)


class InvitationList(Endpoint):
    """Invitations that wait, newest first; inviting a person. The link goes to their address only."""

    door = opens(Resource.MEMBERSHIP, GET="create", POST="create")
    query = Pages
    takes = {"POST": InvitationNew}
    gives = {"GET": Answer(paged(InvitationOut)), "POST": Answer(InvitationOut, 201)}

    def get(self, request: Request, state: str) -> Response:
        return self.answer_page(INVITATIONS.visible_to(self.actor).pending().order_by("-sent_at", "-pk"))

    def post(self, request: Request, state: str) -> Response:
        sent = self.sent()
        seat = seat_of(sent, self.actor)
        return self.answer(
            invitations.invite(self.tenant, email=sent["email"], name=sent["name"], seat=seat, by=self.actor)
        )


class OneInvitation(Endpoint):
    door = opens(Resource.MEMBERSHIP, POST="create")
    gives = {"POST": Answer(InvitationOut)}

    def found(self, invitation: int) -> Any:
        found = find(self.asked, INVITATIONS, pk=invitation)
        self.sent()
        return found


class InvitationResend(OneInvitation):
    """Sends a new link; the old one stops working."""

    def post(self, request: Request, state: str, invitation: int) -> Response:
        return self.answer(invitations.resend(self.found(invitation), by=self.actor))


class InvitationWithdraw(OneInvitation):
    """The link stops working at once."""

    def post(self, request: Request, state: str, invitation: int) -> Response:
        return self.answer(invitations.withdraw(self.found(invitation), by=self.actor))

"""Agencies: list, open, read, change, close, reopen, history."""

from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from agencies.access import find
from agencies.actions import organizations
from agencies.actions.organizations import AgencyContact, AgencyProfile
from agencies.api.endpoint import Endpoint, opens
from agencies.api.history import RecordHistory
from agencies.api.shapes import Ending, Profile, Reason, SeenAs, SeenOut, kept, over
from agencies.dashboards import agencies_of
from agencies.models import Agency
from agencies.permissions import Resource, may
from ips_portal.api.fields import Day, Flag, Mail, Text, Web
from ips_portal.api.shapes import Answer, Pages, Shape, option, paged, search

OPEN = option(["open", "closed", "all"], "Which of them, by whether they are closed.", "open")


class AgencyFilter(Pages):
    q = search("Part of the name.")
    region = search("The whole name of a region.")
    open = OPEN


class AgencyOut(Profile):
    public = frozenset(
        {"slug", "name", "city", "region", "status", "ended_on", "contact_name", "contact_email"}
        | {"contact_phone", "website", "version"}
    )

    slug = serializers.CharField()
    name = serializers.CharField()
    city = serializers.CharField(allow_blank=True)
    region = serializers.CharField(allow_blank=True)
    status = Ending()
    ended_on = serializers.DateField(allow_null=True)
    contact_name = serializers.CharField(allow_blank=True)
    contact_email = serializers.CharField(allow_blank=True)
    contact_phone = serializers.CharField(allow_blank=True)
    website = serializers.CharField(allow_blank=True)
    code = serializers.CharField(allow_blank=True, help_text="The state's own code.")
    started_on = serializers.DateField(allow_null=True)
    version = SeenOut()


class AgencyNew(Shape):
    name = kept(Agency, "name")
    code = kept(Agency, "code")
    city = kept(Agency, "city")
    region = kept(Agency, "region")
    started_on = Day(required=False, allow_null=True, default=None)
    contact_name = kept(Agency, "contact_name")
    contact_email = kept(Agency, "contact_email", Mail)
    contact_phone = kept(Agency, "contact_phone")
    website = kept(Agency, "website", Web)


class AgencyChange(Shape):
    """What is left out stays as it is."""

    version = SeenAs()
    name = kept(Agency, "name", partial=True)
    code = kept(Agency, "code", partial=True)
    city = kept(Agency, "city", partial=True)
    region = kept(Agency, "region", partial=True)
    started_on = Day(required=False, allow_null=True)
    contact_name = kept(Agency, "contact_name", partial=True)
    contact_email = kept(Agency, "contact_email", Mail, partial=True)
    contact_phone = kept(Agency, "contact_phone", partial=True)
    website = kept(Agency, "website", Web, partial=True)


class Closing(Shape):
    on = Day(help_text="The first day on which it is closed.")
    reason = Text(required=False, allow_blank=True, default="", max_length=1000)


class AgencyClosing(Closing):
    with_teams = Flag(required=False, default=False, help_text="Close its open teams on the same day.")


class OneAgency(Endpoint):
    def found(self, slug: str) -> Agency:
        agency: Agency = find(self.asked, Agency.objects.all(), slug=slug)
        return agency

    def told(self, agency: Agency) -> Response:
        names_only = may(self.actor, "view", Resource.AGENCY, agency.place).names_only
        return self.answer(agency, today=self.tenant.today(), names_only=names_only)


class AgencyList(OneAgency):
    """Agencies you may see, by name; opening a new one."""

    door = opens(Resource.AGENCY, GET="view", POST="create")
    query = AgencyFilter
    takes = {"POST": AgencyNew}
    gives = {"GET": Answer(paged(AgencyOut)), "POST": Answer(AgencyOut, 201)}

    def get(self, request: Request, state: str) -> Response:
        today = self.tenant.today()
        names_only = may(self.actor, "view", Resource.AGENCY).names_only
        return self.answer_page(
            agencies_of(self.actor, today, self.chosen), today=today, names_only=names_only
        )

    def post(self, request: Request, state: str) -> Response:
        sent = self.sent()
        agency = organizations.open_agency(
            self.tenant,
            profile=AgencyProfile(**{name: sent[name] for name in AgencyProfile.__dataclass_fields__}),
            contact=AgencyContact(**{name: sent[name] for name in AgencyContact.__dataclass_fields__}),
            by=self.actor,
        )
        return self.told(agency)


class AgencyPage(OneAgency):
    """One agency. A name-only right changes its contact only."""

    door = opens(Resource.AGENCY, GET="view", PATCH="edit")
    takes = {"PATCH": AgencyChange}
    gives = {"GET": Answer(AgencyOut), "PATCH": Answer(AgencyOut)}

    def get(self, request: Request, state: str, agency: str) -> Response:
        return self.told(self.found(agency))

    def patch(self, request: Request, state: str, agency: str) -> Response:
        found, names = self.found(agency), AgencyProfile.__dataclass_fields__
        sent = self.sent()
        profile = AgencyProfile(**over(found, names, sent)) if sent.keys() & names.keys() else None
        contact = AgencyContact(**over(found, AgencyContact.__dataclass_fields__, sent))
        changed = organizations.change_agency(
            found, profile=profile, contact=contact, seen_as=sent["version"], by=self.actor
        )
        return self.told(changed)


class AgencyClose(OneAgency):
    """Ends an agency on a day. Nothing is deleted."""

    door = opens(Resource.AGENCY, POST="lock")
    takes = {"POST": AgencyClosing}
    gives = {"POST": Answer(AgencyOut)}

    def post(self, request: Request, state: str, agency: str) -> Response:
        found = self.found(agency)
        return self.told(organizations.close_agency(found, **self.sent(), by=self.actor))


class AgencyReopen(OneAgency):
    """Opens a closed agency again; its teams stay closed until each is reopened."""

    door = opens(Resource.AGENCY, POST="reopen")
    takes = {"POST": Reason}
    gives = {"POST": Answer(AgencyOut)}

    def post(self, request: Request, state: str, agency: str) -> Response:
        found = self.found(agency)
        return self.told(organizations.reopen_agency(found, **self.sent(), by=self.actor))


class AgencyHistory(RecordHistory):
    """What was changed on an agency, newest first."""

    door = opens(Resource.AGENCY, GET="view")

    def get(self, request: Request, state: str, agency: str) -> Response:
        found = find(self.asked, Agency.objects.all(), slug=agency)
        return self.changes_of(found, found.place)

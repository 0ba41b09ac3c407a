"""The supervisors' meeting of a quarter: begun, shown, its notes and its actions."""

from collections.abc import Iterable
from typing import Any

from django.http import Http404
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from agencies.api.endpoint import Endpoint, opens
from agencies.api.shapes import NumberedRef
from agencies.models import Person
from agencies.permissions import Resource, may
from agencies.refusals import Unacceptable
from ips_portal.api.fields import Day, Flag, Key, Whole
from ips_portal.api.shapes import Answer, Out, Pages, Shape, paged
from ips_portal.quarters import Quarter
from ips_portal.reports.actions import request_report
from ips_portal.reports.api import FileOut
from outcomes.actions import meetings as actions
from outcomes.api.fields import Note
from outcomes.api.shapes import LONGEST, Once
from outcomes.dashboards.agreed import notes_page, own_actions, people_of
from outcomes.dashboards.meetings import pack, sheet_of
from outcomes.finding import find_meeting, find_note, find_team
from outcomes.models import SupervisorsMeeting
from outcomes.packs import PACK


# --- sent -----------------------------------------------------------------------------------------------------
class MeetingSent(Shape):
    held_on = Day(help_text="After the quarter, and within a year of it.")


class AsRead(Shape):
    version = Whole(min_value=1, max_value=LONGEST, help_text="The version that was read.")


class NamesSent(AsRead):
    shows_names = Flag(help_text="Off, programs are letters.")


class NoteSent(Once):
    """With an owner and a date it is an action."""

    text = Note(allow_blank=False, help_text="No names of people served. Whoever does it reads it, too.")
    owner = Key(required=False, allow_null=True, default=None, help_text="The id of a person.")
    due_on = Day(required=False, allow_null=True, default=None)


# --- answered -------------------------------------------------------------------------------------------------
class MeetingOut(Out):
    quarter = serializers.CharField(source="quarter.slug")
    held_on = serializers.DateField()
    shows_names = serializers.BooleanField()
    version = serializers.IntegerField()


class MeetingNoteOut(Out):
    """Where names are off, programs are letters in the text."""

    id = serializers.IntegerField(source="note.pk")
    text = serializers.CharField()
    owner = NumberedRef(source="note.owner", allow_null=True)
    due_on = serializers.DateField(source="note.due_on", allow_null=True)
    done_at = serializers.DateTimeField(source="note.done_at", allow_null=True)
    version = serializers.IntegerField(source="note.version")


class MeetingActionOut(MeetingNoteOut):
    quarter = serializers.CharField(source="quarter.slug", help_text="Of the meeting it comes from.")
    is_overdue = serializers.BooleanField()


class NotesOut(Out):
    open = MeetingActionOut(many=True, help_text="Of this meeting and of earlier ones.")
    notes = MeetingNoteOut(many=True, help_text="Of this meeting, with what was done.")
    people = NumberedRef(many=True, help_text="Who can take something on; for those who lead the meeting.")


class NumberOut(Out):
    label = serializers.CharField()  # type: ignore[assignment]  # a field of that name
    value = serializers.CharField(allow_blank=True)
    note = serializers.CharField(allow_blank=True)


class StateLineOut(Out):
    quarter = serializers.CharField(source="quarter.slug")
    pooled = serializers.CharField(allow_blank=True)
    middle = serializers.CharField(allow_blank=True)


class CellOut(Out):
    quarter = serializers.CharField(source="quarter.slug")
    value = serializers.CharField(allow_blank=True, help_text="Blank without accepted figures.")
    basis = serializers.CharField(allow_blank=True)
    median = serializers.CharField(allow_blank=True)
    is_provisional = serializers.BooleanField()


class MeasureRowOut(Out):
    label = serializers.CharField()  # type: ignore[assignment]  # a field of that name
    goal = serializers.CharField(allow_blank=True)
    cells = CellOut(many=True)


class StrengthOut(Out):
    sentence = serializers.CharField()
    rule = serializers.CharField()


class TalkOut(Out):
    name = serializers.CharField()
    reason = serializers.CharField()


class ProgramOut(Out):
    """One program. `agency` and `slug` are blank where names are off."""

    name = serializers.CharField()
    agency = serializers.CharField(allow_blank=True)
    slug = serializers.CharField(allow_blank=True)
    measures = MeasureRowOut(many=True, source="rows")
    strengths = StrengthOut(many=True, source="strengths.told")
    no_strength = serializers.CharField(source="strengths.missing", allow_blank=True)
    asks = TalkOut(many=True, help_text="Whom it could ask.")
    helps = TalkOut(many=True, help_text="Who could ask it.")


class PackOut(Out):
    meeting = MeetingOut()
    numbers = NumberOut(many=True)
    course = StateLineOut(many=True, help_text="The state's employment rate, newest first.")
    programs = ProgramOut(many=True, source="sections")
    actions = MeetingActionOut(many=True)
    has_provisional = serializers.BooleanField()
    sharing = serializers.CharField(allow_blank=True)


# --- doors ----------------------------------------------------------------------------------------------------
class MeetingList(Endpoint):
    """Every meeting, for those who lead the state."""

    door = opens(Resource.OUTCOME_ACCEPTED, GET="view")
    query = Pages
    gives = {"GET": Answer(paged(MeetingOut))}

    def get(self, request: Request, state: str) -> Response:
        return self.answer_page(SupervisorsMeeting.objects.visible_to(self.actor))


class OwnActions(Endpoint):
    """What you took on in a meeting and have not done yet."""

    door = opens(Resource.OUTCOME_ACCEPTED, GET="view")
    query = Pages
    gives = {"GET": Answer(paged(MeetingNoteOut))}

    def get(self, request: Request, state: str) -> Response:
        return self.answer_page(own_actions(self.actor))


class MeetingBegin(Endpoint):
    """Begins the meeting on the quarter that ended last; begun again, it is the same."""

    door = opens(Resource.OUTCOME_SUBMITTED, POST="approve")
    takes = {"POST": MeetingSent}
    gives = {"POST": Answer(MeetingOut, 201)}

    def post(self, request: Request, state: str) -> Response:
        quarter = Quarter.last_ended(self.tenant.today())
        held_on = self.sent()["held_on"]
        return self.answer(actions.begin(self.tenant, quarter=quarter, held_on=held_on, by=self.actor))


class MeetingPage(Endpoint):
    """The pack: the state, then one part for each program. Exact figures, for those who lead the state."""

    door = opens(Resource.OUTCOME_ACCEPTED, GET="view")
    gives = {"GET": Answer(PackOut)}

    def get(self, request: Request, state: str, meeting: Quarter) -> Response:
        return self.answer(pack(find_meeting(self.asked, meeting), self.tenant, self.actor))


class MeetingSheet(Endpoint):
    """One program's part of the pack under its own name, to take home."""

    door = opens(Resource.OUTCOME_ACCEPTED, GET="view")
    gives = {"GET": Answer(ProgramOut)}

    def get(self, request: Request, state: str, meeting: Quarter, sheet: str) -> Response:
        team = find_team(self.asked, sheet)
        found = find_meeting(self.asked, meeting)  # last, so that it is read with the eyes of who leads
        own = sheet_of(team, pack(found, self.tenant, self.actor))
        if own is None:
            raise Http404
        return self.answer(own)


class MeetingNames(Endpoint):
    """Shows programs by name, or as letters."""

    door = opens(Resource.OUTCOME_SUBMITTED, PUT="approve")
    takes = {"PUT": NamesSent}
    gives = {"PUT": Answer(MeetingOut)}

    def put(self, request: Request, state: str, meeting: Quarter) -> Response:
        found = find_meeting(self.asked, meeting)
        sent = self.sent()
        actions.show_names(found, shows=sent["shows_names"], version=sent["version"], by=self.actor)
        return self.answer(found)


class MeetingPaper(Endpoint):
    """Asks for the pack as PDF, or finds the one that says the same."""

    door = opens(Resource.OUTCOME_ACCEPTED, POST="export")
    gives = {"POST": Answer(FileOut, 202)}

    def post(self, request: Request, state: str, meeting: Quarter) -> Response:
        found = find_meeting(self.asked, meeting)
        self.sent()
        return self.answer(request_report(PACK, found, by=self.actor))


class NotesEndpoint(Endpoint):
    def people(self) -> Iterable[Person]:
        leads = may(self.actor, "approve", Resource.OUTCOME_SUBMITTED)
        return people_of(self.actor, self.tenant.today()) if leads else ()

    def told(self, meeting: SupervisorsMeeting) -> Response:
        page = notes_page(meeting, self.tenant, self.actor)
        return self.answer({"open": page.open, "notes": page.notes, "people": self.people()})


class MeetingNotes(NotesEndpoint):
    """What was written down in a meeting, and every action that is still open."""

    door = opens(Resource.OUTCOME_SUBMITTED, GET="view", POST="approve")
    takes = {"POST": NoteSent}
    gives = {"GET": Answer(NotesOut), "POST": Answer(NotesOut, 201)}

    def get(self, request: Request, state: str, meeting: Quarter) -> Response:
        return self.told(find_meeting(self.asked, meeting))

    def post(self, request: Request, state: str, meeting: Quarter) -> Response:
        found = find_meeting(self.asked, meeting)
        sent: dict[str, Any] = self.sent()
        actions.write_note(
            found,
            text=sent["text"],
            owner=self.owner(sent["owner"]),
            due_on=sent["due_on"],
            key=sent["key"],
            by=self.actor,
        )
        return self.told(found)

    def owner(self, key: int | None) -> Person | None:
        if key is None:
            return None
        for person in self.people():
            if person.pk == key:
                return person
        raise Unacceptable(f"{key} is not one of the choices.", field="owner")


class MeetingNoteDone(NotesEndpoint):
    """An action of this meeting, or of an earlier one that is still open, is done."""

    door = opens(Resource.OUTCOME_SUBMITTED, POST="approve")
    takes = {"POST": AsRead}
    gives = {"POST": Answer(NotesOut)}

    def post(self, request: Request, state: str, meeting: Quarter, note: int) -> Response:
        found = find_note(self.asked, meeting, note)
        actions.finish(found, version=self.sent()["version"], by=self.actor)
        return self.told(find_meeting(self.asked, meeting))

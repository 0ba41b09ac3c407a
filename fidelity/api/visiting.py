"""The visit of a review, for its reviewers and the state: agenda, data request, tallies, what they suggest."""

from typing import Any
from uuid import UUID

from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from agencies.api.endpoint import Endpoint, opens
from agencies.permissions import Resource
from agencies.refusals import Unacceptable
from fidelity import visit_papers
from fidelity.actions.visiting import save_visit
from fidelity.api.fields import Version
from fidelity.dashboards.visiting import suggestions, visit_page
from fidelity.finding import find_review, hide_visit
from fidelity.models import Review
from fidelity.visits import (
    MET,
    MOST_READ,
    NUMBER_LIMIT,
    OBSERVED,
    ROWS,
    TEXT_LIMIT,
    Count,
    Slot,
    VisitValues,
    Wanted,
)
from ips_portal.api.fields import Choice, Day, Flag, Several, Text, Whole
from ips_portal.api.shapes import Answer, Out, Shape, Values
from ips_portal.reports.actions import request_report
from ips_portal.reports.api import FileOut

PEOPLE = [*MET, *OBSERVED]


class SlotIn(Shape):
    day = Whole(min_value=1, max_value=5)
    time = Text(max_length=5, allow_blank=True, help_text="Such as 09:00, or empty.")
    who = Text(max_length=TEXT_LIMIT, allow_blank=True)
    what = Text(max_length=TEXT_LIMIT, allow_blank=True)


class WantedIn(Shape):
    text = Text(max_length=TEXT_LIMIT)
    received = Flag()


class PeopleIn(Shape):
    who = Choice(choices=PEOPLE)
    number = Whole(max_value=MOST_READ)


class CountIn(Shape):
    question = Text(max_length=10, help_text="The code of the question, such as SV12-1.")
    read = Whole(max_value=MOST_READ)
    met = Whole(max_value=MOST_READ, help_text="Records that show it.")
    unmet = Whole(max_value=MOST_READ, help_text="Records that do not. The rest did not tell.")


class NumbersIn(Shape):
    item = Text(max_length=10, help_text="The code of the item, such as SV6.")
    specialist = Whole(min_value=1, max_value=10, help_text="1 where the numbers are the team's.")
    values = Several(Whole(max_value=NUMBER_LIMIT), max_length=4)


class VisitIn(Shape):
    """The visit whole: what is not sent is taken out."""

    version = Version(help_text="0 where it was never saved.")
    agenda = Several(SlotIn(), max_length=ROWS)
    asked = Several(WantedIn(), max_length=ROWS)
    wanted_on = Day(allow_null=True)
    people = Several(PeopleIn(), max_length=len(PEOPLE))
    tally = Several(CountIn())
    numbers = Several(NumbersIn())


class PaperIn(Shape):
    kind = Choice(choices=list(visit_papers.LABELS))


class SlotOut(Out):
    day = serializers.IntegerField()
    time = serializers.CharField(allow_blank=True)
    who = serializers.CharField(allow_blank=True)
    what = serializers.CharField(allow_blank=True)


class WantedOut(Out):
    text = serializers.CharField()
    received = serializers.BooleanField()


class PeopleOut(Out):
    who = serializers.ChoiceField(choices=PEOPLE)
    number = serializers.IntegerField()


class CountOut(Out):
    question = serializers.CharField()
    read = serializers.IntegerField()
    met = serializers.IntegerField()
    unmet = serializers.IntegerField()


class NumbersOut(Out):
    item = serializers.CharField()
    specialist = serializers.IntegerField()
    values = serializers.ListField(child=serializers.IntegerField())


class SuggestionOut(Out):
    item = serializers.CharField(source="code")
    rating = serializers.IntegerField(allow_null=True, help_text="None: what was counted decides nothing.")
    counted = serializers.ListField(child=serializers.CharField())
    basis = serializers.CharField(source="source", help_text="Where the count comes from.")
    reasons = serializers.ListField(child=serializers.CharField())


class VisitOut(Out):
    version = serializers.IntegerField()
    agenda = SlotOut(many=True)
    asked = WantedOut(many=True)
    wanted_on = serializers.DateField(allow_null=True)
    people = PeopleOut(many=True)
    tally = CountOut(many=True)
    numbers = NumbersOut(many=True)
    suggestions = SuggestionOut(many=True, help_text="From the counts alone. Never entered by itself.")


class OneVisit(Endpoint):
    def found(self, review: UUID) -> Review:
        found = find_review(self.asked, review)
        hide_visit(self.asked, found)
        return found


class VisitPage(OneVisit):
    """The reviewers' common work. PUT saves it over the version that was read, until rating is finished."""

    door = opens(Resource.DRAFT_REPORT, GET="view", PUT="edit")
    takes = {"PUT": VisitIn}
    gives = {"GET": Answer(VisitOut), "PUT": Answer(VisitOut)}

    def get(self, request: Request, state: str, review: UUID) -> Response:
        return self.told(self.found(review))

    def put(self, request: Request, state: str, review: UUID) -> Response:
        found, sent = self.found(review), self.sent()
        values, places = read(sent)
        try:
            save_visit(found, values=values, version=sent["version"], by=self.actor)
        except Unacceptable as refusal:
            field = refusal.field or ""
            raise Unacceptable(refusal.message, field=places.get(field, field)) from None
        return self.told(found)

    def told(self, review: Review) -> Response:
        page = visit_page(review, self.actor)
        values = page.values
        return self.answer(
            {
                "version": page.version,
                "agenda": values.agenda,
                "asked": values.asked,
                "wanted_on": values.wanted_on,
                "people": [{"who": who, "number": number} for who, number in values.people.items()],
                "tally": [{"question": code, **vars(count)} for code, count in values.tally.items()],
                "numbers": [
                    {"item": code, "specialist": place, "values": row}
                    for code, rows in values.numbers.items()
                    for place, row in enumerate(rows, start=1)
                    if row
                ],
                "suggestions": [each for group in suggestions(review, self.actor).values() for each in group],
            }
        )


class VisitPaper(OneVisit):
    """Asks for agenda, data request, tally or blank score sheets as PDF, or finds the one that says the same."""

    door = opens(Resource.DRAFT_REPORT, POST="view")
    takes = {"POST": PaperIn}
    gives = {"POST": Answer(FileOut, 202)}

    def post(self, request: Request, state: str, review: UUID) -> Response:
        found = self.found(review)
        return self.answer(request_report(self.sent()["kind"], found, by=self.actor))


def read(sent: Values) -> tuple[VisitValues, dict[str, str]]:
    """The visit, and where in the body each field of it stands."""
    places: dict[str, str] = {}
    people: dict[str, int] = {}
    tally: dict[str, Count] = {}
    numbers: dict[str, dict[int, tuple[int, ...]]] = {}
    for place, row in enumerate(sent["people"]):
        once(row["who"] in people, f"people.{place}.who")
        people[row["who"]] = row["number"]
    for place, row in enumerate(sent["tally"]):
        once(row["question"] in tally, f"tally.{place}.question")
        tally[row["question"]] = Count(row["read"], row["met"], row["unmet"])
        places |= {f"{row['question']}-{part}": f"tally.{place}.{part}" for part in ("read", "met", "unmet")}
    for place, row in enumerate(sent["numbers"]):
        rows = numbers.setdefault(row["item"], {})
        once(row["specialist"] in rows, f"numbers.{place}.specialist")
        rows[row["specialist"]] = tuple(row["values"])
    for name in ("agenda", "asked"):
        for place, row in enumerate(sent[name]):
            places |= {f"{name}-{place + 1}-{part}": f"{name}.{place}.{part}" for part in row}
    values = VisitValues(
        agenda=tuple(Slot(**row) for row in sent["agenda"]),
        asked=tuple(Wanted(**row) for row in sent["asked"]),
        wanted_on=sent["wanted_on"],
        people=people,
        tally=tally,
        numbers={code: in_rows(rows) for code, rows in numbers.items()},
    )
    return values, places


def in_rows(rows: dict[int, tuple[int, ...]]) -> tuple[Any, ...]:
    return tuple(rows.get(place) for place in range(1, max(rows) + 1))


def once(again: bool, field: str) -> None:
    if again:
        raise Unacceptable("This stands twice in the list.", field=field)

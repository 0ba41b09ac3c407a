"""Reviews: list, schedule, read, other dates, other reviewers, cancel, reopen, history."""

from dataclasses import asdict
from uuid import UUID

from django.http import Http404
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from agencies.access import find
from agencies.api.endpoint import Endpoint, opens
from agencies.api.history import RecordHistory
from agencies.api.shapes import Ref, Slug
from agencies.models import Membership, Team
from agencies.permissions import Resource
from agencies.refusals import Unacceptable
from fidelity.actions import finishing, naming, scheduling
from fidelity.api.fields import Note
from fidelity.dashboards import listing
from fidelity.dashboards.answers import answers_of
from fidelity.dashboards.history import changes_of_review, sentences
from fidelity.dashboards.reviews import Rights, rights_of, sheet_words
from fidelity.dashboards.scheduling import crew, kinds_for
from fidelity.finding import find_review
from fidelity.models import Review, Reviewer
from fidelity.reviewers import candidates
from ips_portal.api.fields import Choice, Day, Key, Number, Several
from ips_portal.api.shapes import Answer, Out, Pages, Query, Shape, Values, option, paged, search

KINDS, MODES, STATUSES = Review.Kind.values, Review.Mode.values, Review.Status.values


class ReviewFilter(Pages):
    q = search("Part of the team's name.")
    status = option(STATUSES)
    kind = option(KINDS)
    agency = search("The slug of a lead agency.")
    team = search("The slug of a team.")
    year = Number(
        required=False, default=None, min_value=1950, max_value=2100, help_text="The year of the first day."
    )


class PartOut(Out):
    code = serializers.CharField()
    name = serializers.CharField()
    leads = serializers.BooleanField(help_text="Its total is the one that rules ask for and lists show.")
    total = serializers.IntegerField(allow_null=True)
    possible = serializers.IntegerField()
    band = serializers.CharField(source="band.key", allow_null=True, help_text="Where the part has bands.")
    band_name = serializers.CharField(source="band.label", allow_null=True)


class ReviewLine(Out):
    id = serializers.UUIDField(source="public_id")
    team = Ref()
    agency = Ref(source="team.agency")
    kind = serializers.ChoiceField(choices=KINDS)
    mode = serializers.ChoiceField(
        choices=MODES, allow_blank=True, help_text="Empty where an imported review does not say."
    )
    starts_on = serializers.DateField()
    ends_on = serializers.DateField()
    status = serializers.ChoiceField(choices=STATUSES)
    total = serializers.IntegerField(
        allow_null=True, help_text="Once it is issued; of the leading part, where there are parts."
    )
    band = serializers.CharField(allow_blank=True)
    parts = PartOut(
        many=True,
        help_text="Once it is issued: by a scale that reports a total per part, one for each. Otherwise empty.",
    )
    issued_on = serializers.DateField(allow_null=True)
    is_imported = serializers.BooleanField(
        help_text="From before the portal, with its ratings alone. Its edition says who imported it, and when."
    )


class ReviewerOut(Out):
    membership = serializers.IntegerField(source="membership_id")
    name = serializers.CharField(source="person.name")
    is_lead = serializers.BooleanField()
    progress = serializers.SerializerMethodField()

    def get_progress(self, row: Reviewer) -> str:
        """How far the sheet is, never what is on it."""
        return sheet_words(row, row.review)


class ReviewOut(ReviewLine):
    reviewers = ReviewerOut(many=True, source="reviewers.all")
    finished_at = serializers.DateTimeField(allow_null=True)
    cancelled_reason = serializers.CharField(allow_blank=True)
    may = serializers.SerializerMethodField()

    def get_may(self, review: Review) -> dict[str, bool]:
        """What you may do with it as it stands."""
        actor = self.context["actor"]
        rights: Rights = rights_of(review, actor, answers_of(review, actor))
        return asdict(rights)


class CrewIn(Shape):
    lead = Key(help_text="The membership of the lead reviewer, who rates and writes the report.")
    others = Several(Key(), required=False, default=list)


class CrewChange(Shape):
    lead = Key(
        allow_null=True,
        help_text="The membership of the lead reviewer; null: the lead stays, as always while the report is in draft.",
    )
    others = Several(Key(), required=False, default=list)


class Dates(Shape):
    starts_on = Day()
    ends_on = Day()
    mode = Choice(choices=MODES)


class Booking(Dates, CrewIn):
    team = Slug()
    kind = Choice(choices=KINDS)


class ReviewReason(Shape):
    reason = Note(allow_blank=False)


class CandidateFilter(Query):
    team = Slug(help_text="The slug of the team.")
    kind = Choice(choices=KINDS)


class Candidate(Out):
    membership = serializers.IntegerField(source="pk")
    name = serializers.CharField(source="person.name")
    role_label = serializers.CharField()


class Candidates(Out):
    able = Candidate(many=True)
    barred = serializers.ListField(child=serializers.CharField(), help_text="Who may not, and why.")
    least = serializers.IntegerField(help_text="How many reviewers the policy asks for.")


class OneReview(Endpoint):
    def found(self, review: UUID) -> Review:
        return find_review(self.asked, review)

    def told(self, review: Review) -> Response:
        fresh = self.found_again(review)
        return self.one(fresh)

    def one(self, review: Review) -> Response:
        (found,) = listing.with_parts([review])
        return self.answer(found, actor=self.actor)

    def found_again(self, review: Review) -> Review:
        return find_review(self.asked, review.public_id, resource=Resource.REVIEW, action="view")

    def team_to_book(self, slug: str) -> Team:
        teams = Team.objects.select_related("agency", "state").prefetch_related("partners")
        try:
            team: Team = find(self.asked, teams, resource=Resource.REVIEW, action="create", slug=slug)
        except Http404:
            raise Unacceptable(f"{slug} is not one of the choices.", field="team") from None
        return team

    def people(self, team: Team, kind: str, sent: Values) -> Values:
        """The memberships that were named. Whether each may review this team the action says, with the reason."""
        known = {each.pk: each for each in candidates(team, kind, self.tenant.today())}

        def person(key: int, field: str) -> Membership:
            if key not in known:
                raise Unacceptable(f"{key} is not one of the choices.", field=field)
            return known[key]

        return {
            "lead": None if sent["lead"] is None else person(sent["lead"], "lead"),
            "others": [person(key, "others") for key in sent["others"]],
        }


class ReviewList(OneReview):
    """Reviews you may see, latest first; scheduling a new one."""

    door = opens(Resource.REVIEW, GET="view", POST="create")
    query = ReviewFilter
    takes = {"POST": Booking}
    gives = {"GET": Answer(paged(ReviewLine)), "POST": Answer(ReviewOut, 201)}

    def get(self, request: Request, state: str) -> Response:
        return self.answer_page(listing.narrowed(listing.listed(self.actor), self.chosen), listing.with_parts)

    def post(self, request: Request, state: str) -> Response:
        sent = self.sent()
        team = self.team_to_book(sent["team"])
        review = scheduling.schedule(
            team,
            kind=sent["kind"],
            mode=sent["mode"],
            starts_on=sent["starts_on"],
            ends_on=sent["ends_on"],
            **self.people(team, sent["kind"], sent),
            by=self.actor,
        )
        return self.told(review)


class CandidateList(OneReview):
    """Who may review a team in a review of a kind, and who may not, with the reason."""

    door = opens(Resource.REVIEW, GET="create")
    query = CandidateFilter
    gives = {"GET": Answer(Candidates)}

    def get(self, request: Request, state: str) -> Response:
        team = self.team_to_book(self.chosen["team"])
        kind = self.chosen["kind"]
        if kind not in kinds_for(self.actor):
            raise Unacceptable(f"{kind} is not one of the choices.", field="kind")
        return self.answer(crew(team, kind, self.tenant.today()))


class ReviewPage(OneReview):
    """One review: its dates and reviewers, where it stands, and what you may do with it."""

    door = opens(Resource.REVIEW, GET="view")
    gives = {"GET": Answer(ReviewOut)}

    def get(self, request: Request, state: str, review: UUID) -> Response:
        return self.one(self.found(review))


class ReviewDates(OneReview):
    """Other dates or another place. Everybody concerned is told."""

    door = opens(Resource.REVIEW, PUT="edit")
    takes = {"PUT": Dates}
    gives = {"PUT": Answer(ReviewOut)}

    def put(self, request: Request, state: str, review: UUID) -> Response:
        found = self.found(review)
        scheduling.check_dated_by(self.actor)
        return self.told(scheduling.reschedule(found, **self.sent(), by=self.actor))


class ReviewReviewers(OneReview):
    """Other reviewers. Who has begun to rate stays."""

    door = opens(Resource.REVIEW, PUT="edit")
    takes = {"PUT": CrewChange}
    gives = {"PUT": Answer(ReviewOut)}

    def put(self, request: Request, state: str, review: UUID) -> Response:
        found = self.found(review)
        naming.check_named_by(found, self.actor)
        people = self.people(found.team, found.kind, self.sent())
        return self.told(naming.change_reviewers(found, **people, by=self.actor))


class ReviewCancel(OneReview):
    """Cancels a review for good. What was rated is kept; everybody concerned is told."""

    door = opens(Resource.REVIEW, POST="edit")
    takes = {"POST": ReviewReason}
    gives = {"POST": Answer(ReviewOut)}

    def post(self, request: Request, state: str, review: UUID) -> Response:
        found = self.found(review)
        scheduling.check_dated_by(self.actor)
        return self.told(scheduling.cancel(found, **self.sent(), by=self.actor))


class ReviewReopen(OneReview):
    """Opens the ratings again before the report is issued. The texts of the report are kept."""

    door = opens(Resource.REVIEW, POST="reopen")
    takes = {"POST": ReviewReason}
    gives = {"POST": Answer(ReviewOut)}

    def post(self, request: Request, state: str, review: UUID) -> Response:
        found = self.found(review)
        return self.told(finishing.reopen(found, **self.sent(), by=self.actor))


class ReviewHistory(RecordHistory):
    """What was changed on a review, its report and its plan, newest first."""

    door = opens(Resource.REVIEW, GET="view")

    def get(self, request: Request, state: str, review: UUID) -> Response:
        found = find_review(self.asked, review)
        changes = changes_of_review(found, self.actor)
        return self.answer_page(changes, lambda rows: sentences(found, self.actor, rows))

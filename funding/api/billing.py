"""Billing guidance for programs: the rules in force, advice on a case, worked examples, and deciding others."""

from typing import Any

from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from agencies.api.endpoint import Endpoint, opens
from agencies.api.shapes import SeenAs
from agencies.permissions import Resource
from agencies.refusals import Unacceptable
from fidelity.lines import LONGEST
from funding.actions import billing
from funding.dashboards.billing import as_json
from funding.guidance import (
    DISCLAIMER,
    Advice,
    Facts,
    RuleSet,
    UnknownAnswer,
    Verdict,
    advise,
    as_text,
    examples,
)
from funding.in_force import DatedRules, billing_on
from ips_portal.api.fields import Day, Text
from ips_portal.api.shapes import Answer, Out, Query, Shape, Values, search

VERDICTS = [(verdict.value, verdict.words) for verdict in Verdict]


class BillingOn(Query):
    on = Day(required=False, default=None, help_text="The day the rules are in force; today when left out.")


class BillingCase(BillingOn):
    activity = search("The key of an activity; all of them when left out.")
    answers = search("The answers, such as purpose:symptom,ccbhc:yes. A question left out has its default.")


class BillingName(Out):
    key = serializers.CharField()
    name = serializers.CharField()


class BillingActivity(BillingName):
    group = serializers.CharField()
    help = serializers.CharField(allow_blank=True)
    questions = serializers.ListField(
        child=serializers.CharField(), help_text="The keys of those that matter."
    )


class BillingOption(Out):
    value = serializers.CharField()
    words = serializers.CharField(source="label")


class BillingQuestion(Out):
    key = serializers.CharField()
    question = serializers.CharField()
    options = BillingOption(many=True)
    default = serializers.CharField()


class BillingRulesOut(Out):
    name = serializers.CharField(allow_blank=True, help_text="Blank where no rules are in force.")
    effective_from = serializers.DateField(allow_null=True)
    payers = BillingName(many=True)
    activities = BillingActivity(many=True)
    questions = BillingQuestion(many=True)
    text = serializers.CharField(allow_blank=True, help_text="The rules as YAML, as POST takes them.")
    disclaimer = serializers.CharField()


class BillingLine(Out):
    payer = serializers.CharField(source="payer.key")
    verdict = serializers.ChoiceField(choices=VERDICTS)
    reasons = serializers.ListField(child=serializers.CharField())
    conditions = serializers.ListField(child=serializers.CharField())
    documents = serializers.ListField(child=serializers.CharField(), help_text="What to keep on file.")
    offer = serializers.CharField(
        allow_blank=True, help_text="With a no: offer it, and who pays for it here."
    )
    rule = serializers.CharField(allow_blank=True)
    cited = serializers.CharField(source="cite.source", default="")
    cited_on = serializers.DateField(source="cite.on", default=None, allow_null=True)


class BillingAdvice(Out):
    activity = serializers.CharField(source="activity.key")
    advised = serializers.CharField(source="advised.payer.key", default="", help_text="One payer, or blank.")
    lines = BillingLine(many=True)


class BillingAdviceOut(Out):
    name = serializers.CharField(allow_blank=True, help_text="Blank where no rules are in force.")
    advice = BillingAdvice(many=True)
    disclaimer = serializers.CharField()


class BillingExample(Out):
    story = serializers.CharField()
    answers = serializers.DictField(child=serializers.CharField())
    advice = BillingAdvice()


class BillingExamplesOut(Out):
    name = serializers.CharField(allow_blank=True, help_text="Blank where no rules are in force.")
    examples = BillingExample(many=True)
    disclaimer = serializers.CharField()


class BillingIn(Shape):
    effective_from = Day(help_text="The first day of the rules.")
    text = Text(max_length=LONGEST, trim_whitespace=False, help_text="YAML, as GET gives it.")


class BillingRead(BillingIn):
    version = SeenAs(help_text="The version of what the rules would change, as it was read.")


class BillingDifference(Out):
    payer = serializers.CharField()
    before = serializers.CharField()
    after = serializers.CharField()


class BillingChanged(Out):
    activity = serializers.CharField()
    story = serializers.CharField()
    differences = BillingDifference(many=True)


class BillingEffect(Out):
    name = serializers.CharField()
    effective_from = serializers.DateField()
    rules = serializers.IntegerField(help_text="How many.")
    examples = serializers.IntegerField(help_text="How many.")
    replaced = serializers.CharField(allow_blank=True, help_text="The rules that hold there so far.")
    replaced_from = serializers.DateField(allow_null=True)
    changed = BillingChanged(many=True, help_text="Worked examples that come out otherwise.")
    version = serializers.CharField(help_text="Goes with the decision.")


class OnADay(Endpoint):
    query = BillingOn

    def now(self) -> DatedRules | None:
        return billing_on(self.tenant.pk, self.chosen["on"] or self.tenant.today())


class BillingRules(OnADay):
    """The rules in force on a day. POST decides others from a day on, once `billing/what-if/` was read.

    409 says what they would change by now. The same request sent again is answered like the first.
    """

    door = opens(Resource.POLICY, GET="view", POST="edit")
    takes = {"POST": BillingRead}
    gives = {"GET": Answer(BillingRulesOut), "POST": Answer(BillingRulesOut, 201)}

    def get(self, request: Request, state: str) -> Response:
        return self.answer(told(self.now()))

    def post(self, request: Request, state: str) -> Response:
        sent = self.sent()
        row = billing.decide(self.tenant, seen=sent.pop("version"), **sent, by=self.actor)
        return self.answer(told(billing_on(self.tenant.pk, row.effective_from)))


class BillingWhatIf(Endpoint):
    """Which worked examples would come out otherwise. Nothing is saved."""

    door = opens(Resource.POLICY, POST="edit")
    takes = {"POST": BillingIn}
    gives = {"POST": Answer(BillingEffect)}

    def post(self, request: Request, state: str) -> Response:
        return self.answer(as_json(billing.consider(self.tenant, **self.sent(), by=self.actor)))


class BillingAnswers(OnADay):
    """Who may be billed in a case. At most one payer is advised; guidance, not a billing decision."""

    door = opens(Resource.POLICY, GET="view")
    query = BillingCase
    gives = {"GET": Answer(BillingAdviceOut)}

    def get(self, request: Request, state: str) -> Response:
        now, activity = self.now(), self.chosen["activity"]
        found = advice_on(now.rules, activity, answers_in(self.chosen["answers"])) if now else []
        return self.answer({"name": name_of(now), "advice": found, "disclaimer": DISCLAIMER})


class BillingExamples(OnADay):
    """The worked examples of the rules in force."""

    door = opens(Resource.POLICY, GET="view")
    gives = {"GET": Answer(BillingExamplesOut)}

    def get(self, request: Request, state: str) -> Response:
        now = self.now()
        found = [
            {"story": each.example.story, "answers": each.example.facts, "advice": each.advice}
            for each in (examples(now.rules) if now else ())
        ]
        return self.answer({"name": name_of(now), "examples": found, "disclaimer": DISCLAIMER})


def name_of(now: DatedRules | None) -> str:
    return now.rules.name if now else ""


def told(now: DatedRules | None) -> Values:
    if now is None:
        nothing: Values = dict.fromkeys(("payers", "activities", "questions"), ())
        return {**nothing, "name": "", "effective_from": None, "text": "", "disclaimer": DISCLAIMER}
    rules = now.rules
    return {
        "name": rules.name,
        "effective_from": now.row.effective_from,
        "payers": rules.payers,
        "activities": [activity_of(rules, each) for each in rules.activities],
        "questions": rules.facts,
        "text": as_text(now.row.data),
        "disclaimer": DISCLAIMER,
    }


def activity_of(rules: RuleSet, activity: Any) -> Values:
    return {**vars(activity), "questions": [fact.key for fact in rules.questions(activity.key)]}


def advice_on(rules: RuleSet, activity: str, facts: Facts) -> list[Advice]:
    """Raises Unacceptable."""
    keys = [activity] if activity else [each.key for each in rules.activities]
    try:
        return [advise(rules, key, facts) for key in keys]
    except UnknownAnswer as unknown:
        raise Unacceptable(str(unknown)) from None


def answers_in(text: str) -> Facts:
    """Raises Unacceptable."""
    found = {}
    for pair in filter(None, text.split(",")):
        key, colon, value = pair.partition(":")
        if not colon:
            raise Unacceptable("Write answers such as purpose:symptom,ccbhc:yes.", field="answers")
        found[key.strip()] = value.strip()
    return found

"""The main job over HTTP, as people in a browser do it: `python3 manage.py demo --check`.

A trainer schedules a review of a practice team and rates it, a second trainer issues it, the worker prints, the agency
downloads and plans, and strangers see none of it. It knows the portal by its pages alone.
"""

import re
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, timedelta
from urllib.parse import urlsplit

from ips_portal.practice.visitor import (
    Account,
    Answer,
    CheckFailed,
    Visitor,
    expect,
    form_of,
    forms_of,
    sign_in,
)

__all__ = ["CheckFailed", "MainJob", "people_of", "run"]

RATINGS = (4, 3, 5, 2, 4)  # over and over: 90 points for 25 items, fair fidelity
TOTAL = "90"
PATIENCE = 120.0  # seconds for the worker to print two papers on a slow machine
# Rating is finished once the visit has begun, and up to a week ago the team looks at itself (practice/live.py).
DAYS_AGO = timedelta(days=10)


@dataclass(frozen=True)
class People:
    """Who takes part. The supervisor's team is the one reviewed; the strangers must see nothing of it."""

    trainer: Account
    second: Account
    leader: Account
    supervisor: Account
    other_leader: Account
    other_trainer: Account

    @property
    def state(self) -> str:
        return self.trainer["state"]

    @property
    def team(self) -> str:
        return self.supervisor["where"].split(", ")[0]


def people_of(accounts: list[Account]) -> People:
    if not accounts:
        raise CheckFailed("there are no practice accounts; run: manage.py seed")
    state = accounts[0]["state"]

    def people(role: str, *, here: bool = True) -> list[Account]:
        found = {
            one["email"]: one
            for one in reversed(accounts)
            if one["role"] == role and (one["state"] == state) is here
        }
        ordered = [one for one in accounts if found.get(one["email"]) is one]
        if not ordered:
            raise CheckFailed(f"the practice accounts have nobody in the role {role}")
        return ordered

    trainers, leaders = people("ST"), people("AL")
    if len(trainers) < 2 or len(leaders) < 2:
        raise CheckFailed("the practice accounts need two trainers and two leaders in one state")
    return People(
        trainers[0], trainers[1], leaders[0], people("SU")[0], leaders[1], people("ST", here=False)[0]
    )


@dataclass
class MainJob:
    """The steps in order; each leaves what the next ones need."""

    base: str
    people: People
    visitors: dict[str, Visitor] = field(default_factory=dict)
    review: str = ""  # path of the review's page
    files: list[str] = field(default_factory=list)  # paths of the downloads

    def person(self, account: Account) -> Visitor:
        """Signs in when first needed."""
        if account["email"] not in self.visitors:
            self.visitors[account["email"]] = sign_in(self.base, account)
        return self.visitors[account["email"]]

    @property
    def trainer(self) -> Visitor:
        return self.person(self.people.trainer)

    def answers(self) -> None:
        expect(Visitor(self.base, "a monitor").get("health/ready"), 200)
        expect(Visitor(self.base, "a guest").get("accounts/login/"), 200, "Sign in")

    def schedules(self) -> None:
        new = f"{self.people.state}/reviews/new/"
        teams = next(
            form.choices["team"] for form in forms_of(self.trainer.get(new)) if "team" in form.fields
        )
        slug = next((slug for slug, words in teams.items() if words.startswith(self.people.team + " (")), "")
        if not slug:
            raise CheckFailed(f"{new} does not offer the team {self.people.team}")
        first = date.today() - DAYS_AGO  # noqa: DTZ011 - any day near it will do
        done = self.trainer.fill(
            f"{new}?team={slug}&kind=external",
            {"starts_on": f"{first:%m/%d/%Y}", "ends_on": f"{first + timedelta(days=1):%m/%d/%Y}"},
        )
        self.review = expect(done, 200, "You rate the items next").path

    def rates(self) -> None:
        """All but one item through the ordinary form, as without scripts."""
        page = expect(self.trainer.get(f"{self.review}rate/"), 200)
        codes = self.codes(page)
        if len(codes) != 25:
            raise CheckFailed(f"{page.address} shows {len(codes)} items, expected 25")
        typed = {}
        for number, code in enumerate(codes[:-1]):
            typed[f"score-{code}"] = str(RATINGS[number % len(RATINGS)])
            typed[f"note-{code}"] = "Seen in the records, and said by two specialists."
        expect(self.trainer.fill(page.path, typed), 200, "Saved 24 items")
        expect(self.trainer.fill(f"{self.review}check/", {}), 422, "not rated yet")

    def codes(self, page: Answer) -> list[str]:
        return [name.removeprefix("score-") for name in form_of(page).fields if name.startswith("score-")]

    def finishes(self) -> None:
        """The last item the way the page's script saves it; a rating of 6 is refused, a stale one as well."""
        page = self.trainer.get(f"{self.review}rate/")
        address, last = f"{self.review}rate/{self.codes(page)[-1]}/", RATINGS[24 % len(RATINGS)]
        token = form_of(page).fields["csrfmiddlewaretoken"][0]
        item = {
            "score": last,
            "note": "Said by an employer.",
            "sources": [],
            "is_flagged": False,
            "version": 0,
        }
        expect(self.trainer.put(address, {**item, "score": 6}, token=token), 422)
        expect(self.trainer.put(address, item, token=token), 200)
        expect(self.trainer.put(address, {**item, "note": "From another tab."}, token=token), 409, "current")
        expect(self.trainer.fill(f"{self.review}check/", {}), 200, "Rating is finished")
        expect(self.trainer.put(address, {**item, "version": 1}, token=token), 409)

    def writes(self) -> None:
        """Each drafted recommendation is edited by a person, strengths come first."""
        page = self.trainer.get(f"{self.review}report/")
        fields = form_of(page).fields
        advice = {
            name: f"{values[0]} Agreed with the team."
            for name, values in fields.items()
            if name.endswith("-recommendation") and values[0].strip()
        }
        if not advice:
            raise CheckFailed(f"{page.address} drafts no recommendation")
        strengths = {
            "strengths": "The team knows its employers and follows along for years.",
            "then": "hand-over",
        }
        expect(self.trainer.fill(page.path, {**advice, **strengths}), 200, "handed over")

    def waits_for_a_second_person(self) -> None:
        expect(self.trainer.get(f"{self.review}issue/"), 403)
        draft = self.person(self.people.leader).get(f"{self.review}report/preview/")
        if draft.status not in (403, 404):
            raise CheckFailed(f"the agency reads the report before it is issued (status {draft.status})")

    def issues(self) -> None:
        done = self.person(self.people.second).fill(f"{self.review}issue/", {})
        expect(done, 200, "The report is issued")

    def prints(self) -> None:
        """Until the worker has made both papers."""
        leader = self.person(self.people.leader)
        page = expect(leader.get(self.review), 200, TOTAL)
        end = time.monotonic() + PATIENCE
        while len(files := page.links(r"/reports/[0-9a-f-]+/download/")) < 2:
            if time.monotonic() > end:
                raise CheckFailed(f"the worker has made {len(files)} of 2 papers after {PATIENCE:.0f} s")
            time.sleep(0.5)
            page = leader.get(self.review)
        self.files = files

    def downloads(self) -> None:
        for address in self.files:
            paper = expect(self.person(self.people.leader).get(address), 200)
            if paper.content_type != "application/pdf" or not is_whole_pdf(paper.body):
                raise CheckFailed(f"{address} is not a PDF but {paper.content_type}")

    def plans(self) -> None:
        """The supervisor answers every row, then the agency commits to the plan."""
        supervisor, plan = self.person(self.people.supervisor), f"{self.review}plan/"
        page = expect(supervisor.get(plan), 200)
        rows = [
            form.action for form in forms_of(page) if re.search(r"/plan/\d+/$", urlsplit(form.action).path)
        ]
        if not rows:
            raise CheckFailed(f"{page.address} has no rows to fill in: {page.words()}")
        day = f"{date.today() + timedelta(days=90):%m/%d/%Y}"  # noqa: DTZ011 - any day will do
        for action in rows:
            answer = {
                "responsible": "Team leader",
                "target_on": day,
                "steps": "Agree on it.\r\nDo it weekly.",
            }
            expect(supervisor.fill(plan, answer, action=action), 200, "Saved: ")
        expect(supervisor.fill(f"{plan}use/", {}), 200, "The plan is in use")

    def hides(self) -> None:
        """Another agency of the state, and another state, cannot even see that it exists."""
        own = [
            self.review,
            *(f"{self.review}{page}" for page in ("rate/", "report/read/", "plan/", "history/")),
        ]
        files = [address for path in self.files for address in (path, path.removesuffix("download/"))]
        for account in (self.people.other_leader, self.people.other_trainer):
            for address in [*own, *files]:
                expect(self.person(account).get(address), 404)
        listed = expect(self.person(self.people.other_leader).get(f"{self.people.state}/reviews/"), 200)
        if self.review in listed.text:
            raise CheckFailed(f"{listed.address} lists the review to another agency")
        guest = Visitor(self.base, "a guest").get(self.review)
        if "/accounts/login/" not in guest.address:
            raise CheckFailed(f"{self.review} answers {guest.status} to somebody who has not signed in")


def is_whole_pdf(content: bytes) -> bool:
    return content.startswith(b"%PDF-") and b"%%EOF" in content[-1024:]


def steps(job: MainJob) -> list[tuple[str, Callable[[], None]]]:
    who = job.people
    return [
        ("The portal and its sign-in page answer", job.answers),
        (f"{who.trainer['name']}, trainer, signs in and schedules a review of {who.team}", job.schedules),
        ("rates 24 of 25 items, and is not let finish", job.rates),
        ("rates the last one; a 6 and a stale version are refused; finishes", job.finishes),
        ("writes the report and hands it over", job.writes),
        ("may not issue it alone, and the agency cannot read it yet", job.waits_for_a_second_person),
        (f"{who.second['name']}, second trainer, issues it with {TOTAL} points", job.issues),
        ("The worker prints report and action plan", job.prints),
        (f"{who.leader['name']}, leader of the agency, downloads both", job.downloads),
        (f"{who.supervisor['name']}, supervisor, fills in the plan and puts it in use", job.plans),
        ("Another agency, another state and a guest see nothing of it", job.hides),
    ]


def run(base_url: str, accounts: list[Account]) -> None:
    """Every step in order, one line each; the first that fails ends the check."""
    job = MainJob(base_url, people_of(accounts))
    for number, (title, step) in enumerate(steps(job), start=1):
        started = time.monotonic()
        try:
            step()
        except CheckFailed as failure:
            raise CheckFailed(f"step {number}, “{title}”: {failure}") from None
        print(f"  {number:>2}. {title} ({time.monotonic() - started:.1f} s)", flush=True)

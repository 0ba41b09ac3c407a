from importlib import import_module

from django.apps import AppConfig

from agencies.audit import describe


class FidelityConfig(AppConfig):
    name = "fidelity"

    def ready(self) -> None:
        describe_tables()
        # These need the models, which are loaded by now.
        import_module("fidelity.reports").begin()
        import_module("fidelity.letters").begin()
        import_module("fidelity.visit_papers").begin()
        import_module("fidelity.notices").begin()
        import_module("fidelity.actions.answering").begin()
        import_module("fidelity.sections").begin()


def describe_tables() -> None:
    """How the history of this app reads. Texts of a report are named as changed, never printed."""
    describe(
        "fidelity_review",
        noun="review",
        guarded=True,
        fields={
            "team_id": "team",
            "kind": "kind",
            "mode": "way",
            "starts_on": "first day",
            "ends_on": "last day",
            "status": "status",
            "finished_at": "end of rating",
            "cancelled_reason": "reason for cancelling",
            "issued_on": "issued on",
        },
        hide={"imported_id", "finished_by_id", "total", "band", "scale_id", "scheduled_by_id", "public_id"},
    )
    describe(
        "fidelity_reviewtext",
        noun="text of the report",
        guarded=True,
        fields={
            "method": "the text on how the review was done",
            "overview": "the text about the team",
            "strengths": "the strengths",
            "next_steps": "the next steps",
            "handed_over_at": "hand-over of the report",
        },
        hide={"version", "team_id", "review_id", "handed_over_by_id", "writers"},
        quiet={"method", "overview", "strengths", "next_steps"},
        added="Began the text of the report.",
        belongs_to=("review_id", "fidelity_review"),
    )
    describe(
        "fidelity_reviewer",
        noun="reviewer",
        guarded=True,
        fields={
            "is_lead": "leads the review",
            "started_at": "start of rating",
            "finished_at": "end of rating",
            "set_aside_at": "sheet set aside",
        },
        hide={"membership_id", "team_id"},
        added="Added {person_id} as a reviewer.",
        removed="Took {person_id} off the reviewers.",
        belongs_to=("review_id", "fidelity_review"),
    )
    describe(
        "fidelity_rating",
        noun="rating",
        guarded=True,
        fields={"item_code": "item", "score": "rating", "note": "evidence", "is_flagged": "come back"},
        hide={"version", "saved_at", "reviewer_id"},
        quiet={"note", "sources"},
    )
    describe(
        "fidelity_consensusrating",
        noun="consensus",
        guarded=True,
        fields={"item_code": "item", "score": "agreed rating", "reason": "reason"},
        hide={"version", "saved_at", "saved_by_id", "team_id", "review_id"},
        quiet={"reason"},
        added="Agreed on item {item_code}.",
        belongs_to=("review_id", "fidelity_review"),
    )
    describe(
        "fidelity_visit",
        noun="visit",
        guarded=True,
        fields={
            "agenda": "the agenda",
            "asked": "the data request",
            "wanted_on": "date the data are wanted",
            "people": "who was met and what was observed",
            "tally": "the tally of records",
            "numbers": "the numbers counted",
        },
        hide={"version", "saved_at", "saved_by_id", "team_id", "review_id"},
        quiet={"agenda", "asked", "people", "tally", "numbers"},
        added="Began the page of the visit.",
        belongs_to=("review_id", "fidelity_review"),
    )
    describe(
        "fidelity_itemagreement",
        noun="agreement of reviewers",
        hide={"scale_id", "item_code", "pairs", "kappa", "counted_at"},
    )
    describe(
        "fidelity_reviewertraining",
        noun="training of a reviewer",
        fields={"kind": "what was learned", "held_on": "day", "words": "which"},
        hide={"recorded_at", "form_key", "recorded_by_id"},
        added="Recorded for a reviewer: {words}.",
        removed="Took off the register of reviewers: {words}.",
    )
    describe(
        "fidelity_itemreport",
        noun="text of an item",
        guarded=True,
        fields={
            "item_code": "item",
            "found": "what was found at an item",
            "recommendation": "a recommendation",
            "is_priority": "which items come first",
        },
        hide={"is_drafted", "team_id", "review_id"},
        quiet={"found", "recommendation", "is_priority"},
        added="Began the text of item {item_code}.",
        belongs_to=("review_id", "fidelity_review"),
    )
    describe(
        "fidelity_answerwindow",
        noun="time to correct the draft",
        guarded=True,
        fields={
            "opened_at": "hand-over of the draft to the agency",
            "ends_at": "end of the time to correct it",
            "closed_at": "end of the agency's comments",
            "withdrawn_at": "draft taken back from the agency",
        },
        hide={"closed_by_id", "team_id", "review_id", "snapshot"},
        added="Handed the draft to the agency.",
        belongs_to=("review_id", "fidelity_review"),
    )
    describe(
        "fidelity_draftcomment",
        noun="comment on the draft",
        guarded=True,
        fields={
            "item_code": "item",
            "wrong": "a comment on the draft",
            "seen": "where it can be seen",
            "outcome": "the answer to a comment",
            "answer": "the words of an answer",
        },
        hide={"said_by_id", "said_at", "answered_by_id", "answered_at", "version", "team_id", "review_id"},
        quiet={"wrong", "seen", "outcome", "answer"},
        added="Commented on item {item_code} of the draft.",
        belongs_to=("review_id", "fidelity_review"),
    )
    describe(
        "fidelity_reviewimport",
        noun="import of past reviews",
        fields={
            "file_name": "file",
            "status": "status",
            "taken_back_at": "taken back",
            "taken_back_reason": "reason for taking it back",
        },
        hide={
            "public_id",
            "uploaded_by_id",
            "uploaded_at",
            "sha256",
            "choice",
            "counts",
            "finished_at",
            "submit_key",
            "taken_back_by_id",
        },
        added="Uploaded a file of past reviews: {file_name}.",
    )
    describe(
        "fidelity_scalewording",
        noun="official wording",
        fields={"item_code": "item", "level": "rating"},
        quiet={"text"},
    )
    describe_bank()
    describe(
        "fidelity_edition",
        noun="edition of the report",
        fields={"number": "number", "reason": "reason"},
        added="Issued edition {number} of the report.",
        belongs_to=("review_id", "fidelity_review"),
    )
    describe_corrections()
    describe_moderation()
    describe_plans()


def describe_bank() -> None:
    describe(
        "fidelity_banktext",
        noun="text for reports",
        fields={
            "text": "text",
            "part": "where it goes",
            "item_code": "item",
            "lowest": "lowest rating it suits",
            "highest": "highest rating it suits",
            "retired_at": "retirement",
        },
        hide={"scale_key", "version", "saved_at", "saved_by_id", "retired_by_id", "form_key"},
        added="Added a text for reports: {text}",
    )


def describe_moderation() -> None:
    describe(
        "fidelity_moderation",
        noun="moderation of the draft",
        guarded=True,
        fields={
            "outcome": "what the moderator decided about the draft",
            "note": "the words of the moderator",
            "remarks": "the remarks of the moderator",
        },
        hide={"version", "answer", "done_at", "done_by_id", "team_id", "review_id", "asked_by_id"},
        quiet={"note", "remarks"},
        added="Asked for the draft to be read by a second person.",
        belongs_to=("review_id", "fidelity_review"),
    )


def describe_corrections() -> None:
    describe(
        "fidelity_correction",
        noun="correction of the report",
        guarded=True,
        fields={
            "method": "the text on how the review was done, in the correction",
            "overview": "the text about the team, in the correction",
            "strengths": "the strengths, in the correction",
            "next_steps": "the next steps, in the correction",
            "handed_over_at": "hand-over of the correction",
            "outcome": "end of the correction",
            "given_up_because": "why it was given up",
        },
        hide={"version", "team_id", "review_id", "closed_at", "closed_by_id"},
        quiet={"method", "overview", "strengths", "next_steps", "given_up_because"},
        added="Opened a correction of edition {corrects}, to be written by {writer_id}.",
        belongs_to=("review_id", "fidelity_review"),
    )
    describe(
        "fidelity_correcteditem",
        noun="corrected item",
        guarded=True,
        fields={
            "item_code": "item",
            "score": "rating",
            "found": "what was found at an item",
            "recommendation": "a recommendation",
            "is_priority": "which items come first",
        },
        hide={"team_id", "correction_id"},
        quiet={"found", "recommendation", "is_priority"},
        added="Opened item {item_code} to be corrected.",
        belongs_to=("correction_id", "fidelity_correction"),
    )


def describe_plans() -> None:
    describe(
        "fidelity_actionplan",
        noun="action plan",
        fields={
            "status": "status of the action plan",
            "sign_off": "sign-off of the action plan",
            "due_on": "due date of the action plan",
        },
        hide={"version", "updated_at", "team_id", "review_id", "author_id"},
        added="Began the action plan.",
        belongs_to=("review_id", "fidelity_review"),
    )
    describe(
        "fidelity_planrow",
        noun="row of the plan",
        fields={
            "item_code": "item",
            "steps": "the steps",
            "first_step": "the first step",
            "evidence": "the evidence asked for",
            "responsible": "responsible person",
            "target_on": "target date",
            "goal": "goal",
            "status": "status",
            "note": "the words on where it stands",
            "done_on": "done on",
        },
        hide={"version", "position", "team_id", "plan_id", "planned_since"},
        quiet={"steps", "first_step", "evidence", "note"},
        added="Added item {item_code} to the plan.",
        removed="Took item {item_code} out of the plan.",
        belongs_to=("plan_id", "fidelity_actionplan"),
    )
    describe(
        "fidelity_planentry",
        noun="entry of the plan",
        fields={"kind": "kind"},
        hide={"team_id", "plan_id", "row_id", "written_by_id", "written_at", "form_key"},
        quiet={"text"},
        added="Wrote in the action plan: {kind}.",
        belongs_to=("plan_id", "fidelity_actionplan"),
    )
    describe(
        "fidelity_decision",
        noun="decision about a team",
        fields={"kind": "decision", "decided_on": "decided on", "until": "until", "reason": "reason"},
        hide={"team_id", "decided_by_id", "recorded_at", "form_key"},
        quiet={"reason"},
        added="Decided about the team: {kind}.",
    )

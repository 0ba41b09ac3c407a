"""Addresses of fidelity reviews, one list for each subject."""

from django.urls import URLPattern, URLResolver, path

from fidelity.views import (
    agreement,
    answers,
    bank,
    calendar,
    comparing,
    consensus,
    corrections,
    importing,
    moderating,
    plan,
    policy,
    rating,
    register,
    report,
    reviews,
    scales,
    scheduling,
    standing,
    steps,
    visiting,
)

app_name = "fidelity"

REVIEWS = [
    path("reviews/", reviews.review_list, name="review-list"),
    path("reviews/new/", scheduling.review_new, name="review-new"),
    path("reviews/agreement/", agreement.agreement_list, name="agreement-list"),
    path("reviews/agreement/own/", agreement.agreement_own, name="agreement-own"),
    path("reviews/reviewers/", register.reviewer_register, name="reviewer-register"),
    path("reviews/<uuid:review>/", reviews.review_page, name="review-page"),
    path("reviews/<uuid:review>/history/", reviews.review_history, name="review-history"),
    path("reviews/<uuid:review>/compare/", comparing.review_compare, name="review-compare"),
    path(
        "reviews/<uuid:review>/compare.<file:file>", comparing.review_compare_file, name="review-compare-file"
    ),
    path("reviews/<uuid:review>/dates/", scheduling.review_dates, name="review-dates"),
    path("reviews/<uuid:review>/reviewers/", scheduling.review_reviewers, name="review-reviewers"),
    path("reviews/<uuid:review>/cancel/", scheduling.review_cancel, name="review-cancel"),
    path("reviews/<uuid:review>/reopen/", scheduling.review_reopen, name="review-reopen"),
]

IMPORT = [
    path("reviews/import/", importing.import_new, name="import-new"),
    path("reviews/import/template.<file:file>", importing.import_template, name="import-template-file"),
    path("reviews/import/<uuid:past>/", importing.import_page, name="import-page"),
    path("reviews/import/<uuid:past>/discard/", importing.import_discard, name="import-discard"),
    path("reviews/import/<uuid:past>/corrected.csv", importing.import_corrected, name="import-corrected"),
    path("reviews/import/<uuid:past>/take-back/", importing.import_back, name="import-back"),
]

RATING = [
    path("reviews/<uuid:review>/rate/", rating.review_rate, name="review-rate"),
    path("reviews/<uuid:review>/rate/<slug:item>/", rating.rating_save, name="rating-save"),
    path("reviews/<uuid:review>/check/", rating.review_check, name="review-check"),
]

VISIT = [
    path("reviews/<uuid:review>/visit/", visiting.review_visit, {"topic": "agenda"}, name="review-visit"),
    *(
        path(
            f"reviews/<uuid:review>/visit/{topic}/",
            visiting.review_visit,
            {"topic": topic},
            name=f"visit-{topic}",
        )
        for topic in ("request", "people", "numbers")
    ),
    path("reviews/<uuid:review>/visit/pdf/", visiting.visit_pdf, name="visit-pdf"),
    path("reviews/<uuid:review>/calculator/", visiting.review_calculator, name="review-calculator"),
]

CONSENSUS = [
    path("reviews/<uuid:review>/consensus/", consensus.consensus, name="consensus"),
    path("reviews/<uuid:review>/consensus/close/", consensus.consensus_close, name="consensus-close"),
]

REPORT = [
    path("reviews/<uuid:review>/report/", report.report_edit, name="report-edit"),
    path("reviews/<uuid:review>/report/preview/", report.report_preview, name="report-preview"),
    path("reviews/<uuid:review>/report/preview/pdf/", report.draft_pdf, name="draft-pdf"),
    path("reviews/<uuid:review>/report/preview/word/", report.draft_word, name="draft-word"),
    path("reviews/<uuid:review>/report/read/", report.report_read, name="report-read"),
    path("reviews/<uuid:review>/report/pdf/", report.report_pdf, name="report-pdf"),
    path("reviews/<uuid:review>/moderation/", moderating.moderation, name="moderation"),
    path("reviews/<uuid:review>/moderation/read/", moderating.moderation_read, name="moderation-read"),
    path("reviews/<uuid:review>/answers/", answers.answers, name="answers"),
    path("reviews/<uuid:review>/issue/", report.review_issue, name="review-issue"),
]

CORRECTIONS = [
    path("reviews/<uuid:review>/correction/", corrections.correction, name="correction"),
    path("reviews/<uuid:review>/correction/new/", corrections.correction_new, name="correction-new"),
    path("reviews/<uuid:review>/correction/issue/", corrections.correction_issue, name="correction-issue"),
    path(
        "reviews/<uuid:review>/correction/abandon/", corrections.correction_abandon, name="correction-abandon"
    ),
    path("reviews/<uuid:review>/editions/<int:edition>/", corrections.edition_read, name="edition-read"),
    path("reviews/<uuid:review>/editions/<int:edition>/pdf/", corrections.edition_pdf, name="edition-pdf"),
]

PLAN = [
    path("reviews/steps/", steps.step_list, name="step-list"),
    path("reviews/steps.<file:file>", steps.step_file, name="step-file"),
    path("reviews/<uuid:review>/plan/", plan.plan_page, name="plan-page"),
    path("reviews/<uuid:review>/plan/add/", plan.plan_add, name="plan-add"),
    path("reviews/<uuid:review>/plan/use/", plan.plan_use, name="plan-use"),
    path("reviews/<uuid:review>/plan/sign/", plan.plan_sign, name="plan-sign"),
    path("reviews/<uuid:review>/plan/answer/", plan.plan_answer, name="plan-answer"),
    path("reviews/<uuid:review>/plan/pdf/", plan.plan_pdf, name="plan-pdf"),
    path("reviews/<uuid:review>/plan/<int:row>/", plan.plan_row, name="plan-row"),
    path("reviews/<uuid:review>/plan/<int:row>/say/", plan.plan_say, name="plan-say"),
    path("reviews/<uuid:review>/plan/<int:row>/drop/", plan.plan_drop, name="plan-drop"),
]

STANDING = [
    path("reviews/calendar/", calendar.calendar_page, name="calendar-page"),
    path("reviews/calendar.<file:file>", calendar.calendar_file, name="calendar-file"),
    path("reviews/standings/", standing.standing_list, name="standing-list"),
    path("reviews/standings.<file:file>", standing.standing_file, name="standing-file"),
    path("reviews/teams/<slug:team>/standing/", standing.standing_page, name="standing-page"),
    path("reviews/teams/<slug:team>/standing/letter/", standing.standing_letter, name="standing-letter"),
    path("reviews/teams/<slug:team>/decide/", standing.decision_new, name="decision-new"),
]

POLICY = [
    path("policy/", policy.policy_page, name="policy-page"),
    path("policy/edit/", policy.policy_edit, name="policy-edit"),
    path("policy/scale/", scales.scale_page, name="scale-page"),
    path("policy/scale/wording/", scales.wording_edit, name="wording-edit"),
    path("policy/scales/", scales.scale_list, name="scale-list"),
    path("policy/texts/", bank.text_list, name="text-list"),
    path("policy/texts/new/", bank.text_new, name="text-new"),
    path("policy/texts/<int:text>/", bank.text_edit, name="text-edit"),
    path("policy/texts/<int:text>/retire/", bank.text_retire, name="text-retire"),
    path("policy/texts/<int:text>/bring-back/", bank.text_restore, name="text-restore"),
]

urlpatterns: list[URLPattern | URLResolver] = [
    *REVIEWS,
    *IMPORT,
    *RATING,
    *VISIT,
    *CONSENSUS,
    *REPORT,
    *CORRECTIONS,
    *PLAN,
    *STANDING,
    *POLICY,
]

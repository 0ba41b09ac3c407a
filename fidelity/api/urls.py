"""Addresses of the API below /api/v1/<state>/ for fidelity reviews."""

from django.urls import URLPattern, URLResolver, path

from fidelity.api import (
    agreement,
    answers,
    bank,
    calendar,
    consensus,
    corrections,
    importing,
    moderating,
    plan,
    policy,
    ratings,
    register,
    report,
    reviews,
    standing,
    steps,
    visiting,
)

app_name = "fidelity-api"

REVIEWS = [
    path("reviews/", reviews.ReviewList.as_view(), name="reviews"),
    path("reviews/agreement/", agreement.AgreementList.as_view(), name="agreement"),
    path("reviews/agreement/own/", agreement.AgreementOwn.as_view(), name="agreement-own"),
    path("reviews/candidates/", reviews.CandidateList.as_view(), name="candidates"),
    path("reviews/<uuid:review>/", reviews.ReviewPage.as_view(), name="review"),
    path("reviews/<uuid:review>/dates/", reviews.ReviewDates.as_view(), name="review-dates"),
    path("reviews/<uuid:review>/reviewers/", reviews.ReviewReviewers.as_view(), name="review-reviewers"),
    path("reviews/<uuid:review>/cancel/", reviews.ReviewCancel.as_view(), name="review-cancel"),
    path("reviews/<uuid:review>/reopen/", reviews.ReviewReopen.as_view(), name="review-reopen"),
    path("reviews/<uuid:review>/history/", reviews.ReviewHistory.as_view(), name="review-history"),
]
IMPORT = [
    path("reviews/import/", importing.PastImports.as_view(), name="imports"),
    path("reviews/import/template.csv", importing.PastTemplate.as_view(), name="import-template"),
    path("reviews/import/<uuid:past>/", importing.PastImportPage.as_view(), name="import"),
    path("reviews/import/<uuid:past>/rows/", importing.PastRows.as_view(), name="import-rows"),
    path("reviews/import/<uuid:past>/save/", importing.PastSave.as_view(), name="import-save"),
    path("reviews/import/<uuid:past>/reviews/", importing.PastReviews.as_view(), name="import-reviews"),
    path("reviews/import/<uuid:past>/discard/", importing.PastDiscard.as_view(), name="import-discard"),
    path(
        "reviews/import/<uuid:past>/corrected.csv", importing.PastCorrected.as_view(), name="import-corrected"
    ),
    path("reviews/import/<uuid:past>/take-back/", importing.PastBack.as_view(), name="import-back"),
]
RATINGS = [
    path("reviews/<uuid:review>/ratings/", ratings.Sheet.as_view(), name="ratings"),
    path("reviews/<uuid:review>/ratings/<slug:item>/", ratings.OneRating.as_view(), name="rating"),
    path("reviews/<uuid:review>/finish/", ratings.Finish.as_view(), name="finish"),
]
VISIT = [
    path("reviews/<uuid:review>/visit/", visiting.VisitPage.as_view(), name="visit"),
    path("reviews/<uuid:review>/visit/pdf/", visiting.VisitPaper.as_view(), name="visit-pdf"),
]
CONSENSUS = [
    path("reviews/<uuid:review>/consensus/", consensus.Consensus.as_view(), name="consensus"),
    path(
        "reviews/<uuid:review>/consensus/close/", consensus.CloseConsensus.as_view(), name="consensus-close"
    ),
]
REPORT = [
    path("reviews/<uuid:review>/report/", report.Draft.as_view(), name="draft"),
    path("reviews/<uuid:review>/report/pdf/", report.DraftPaper.as_view(), name="draft-pdf"),
    path("reviews/<uuid:review>/hand-over/", report.HandOver.as_view(), name="hand-over"),
    path("reviews/<uuid:review>/moderation/", moderating.ModerationPlace.as_view(), name="moderation"),
    path(
        "reviews/<uuid:review>/moderation/agree/",
        moderating.ModerationAgree.as_view(),
        name="moderation-agree",
    ),
    path(
        "reviews/<uuid:review>/moderation/return/",
        moderating.ModerationReturn.as_view(),
        name="moderation-return",
    ),
    path("reviews/<uuid:review>/answers/", answers.Answers.as_view(), name="answers"),
    path("reviews/<uuid:review>/answers/<slug:item>/", answers.OneAnswer.as_view(), name="answer"),
    path("reviews/<uuid:review>/issue/", report.Issue.as_view(), name="issue"),
    path("reviews/<uuid:review>/editions/", report.EditionList.as_view(), name="editions"),
    path("reviews/<uuid:review>/editions/pdf/", report.ReportPaper.as_view(), name="report-pdf"),
    path("reviews/<uuid:review>/editions/<int:edition>/", report.EditionPage.as_view(), name="edition"),
]
CORRECTIONS = [
    path("reviews/<uuid:review>/correction/", corrections.CorrectionPlace.as_view(), name="correction"),
    path(
        "reviews/<uuid:review>/correction/open/", corrections.CorrectionOpen.as_view(), name="correction-open"
    ),
    path(
        "reviews/<uuid:review>/correction/hand-over/",
        corrections.CorrectionHandOver.as_view(),
        name="correction-hand-over",
    ),
    path(
        "reviews/<uuid:review>/correction/issue/",
        corrections.CorrectionIssue.as_view(),
        name="correction-issue",
    ),
    path(
        "reviews/<uuid:review>/correction/abandon/",
        corrections.CorrectionAbandon.as_view(),
        name="correction-abandon",
    ),
    path(
        "reviews/<uuid:review>/editions/<int:edition>/pdf/",
        corrections.EditionPaper.as_view(),
        name="edition-pdf",
    ),
    path(
        "reviews/<uuid:review>/editions/<int:edition>/changes/",
        corrections.EditionChanges.as_view(),
        name="edition-changes",
    ),
]
PLAN = [
    path("reviews/steps/", steps.StepList.as_view(), name="steps"),
    path("reviews/<uuid:review>/plan/", plan.PlanPage.as_view(), name="plan"),
    path("reviews/<uuid:review>/plan/use/", plan.PlanUse.as_view(), name="plan-use"),
    path("reviews/<uuid:review>/plan/sign/", plan.PlanSign.as_view(), name="plan-sign"),
    path("reviews/<uuid:review>/plan/answer/", plan.PlanAnswer.as_view(), name="plan-answer"),
    path("reviews/<uuid:review>/plan/pdf/", plan.PlanPaper.as_view(), name="plan-pdf"),
    path("reviews/<uuid:review>/plan/rows/", plan.RowList.as_view(), name="plan-rows"),
    path("reviews/<uuid:review>/plan/rows/<int:row>/", plan.RowPage.as_view(), name="plan-row"),
    path("reviews/<uuid:review>/plan/rows/<int:row>/entries/", plan.EntryList.as_view(), name="plan-entries"),
]
STANDING = [
    path("reviews/calendar/", calendar.Calendar.as_view(), name="calendar"),
    path("reviews/standings/", standing.StandingList.as_view(), name="standings"),
    path("reviews/teams/<slug:team>/standing/", standing.TeamStanding.as_view(), name="standing"),
    path("reviews/teams/<slug:team>/decisions/", standing.DecisionNew.as_view(), name="decisions"),
]
POLICY = [
    path("policy/", policy.PolicyPage.as_view(), name="policy"),
    path("policy/what-if/", policy.PolicyWhatIf.as_view(), name="policy-what-if"),
    path("reviewers/", register.Register.as_view(), name="register"),
    path("scales/", policy.Scales.as_view(), name="scales"),
    path("scale/", policy.ScalePage.as_view(), name="scale"),
    path("scale/wording/", policy.Wording.as_view(), name="wording"),
    path("texts/", bank.BankTexts.as_view(), name="texts"),
    path("texts/<int:text>/", bank.OneBankText.as_view(), name="text"),
    path("texts/<int:text>/retire/", bank.BankTextRetire.as_view(), name="text-retire"),
    path("texts/<int:text>/bring-back/", bank.BankTextRestore.as_view(), name="text-restore"),
]

urlpatterns: list[URLPattern | URLResolver] = [
    *REVIEWS,
    *IMPORT,
    *RATINGS,
    *VISIT,
    *CONSENSUS,
    *REPORT,
    *CORRECTIONS,
    *PLAN,
    *STANDING,
    *POLICY,
]

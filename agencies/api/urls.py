"""Addresses of the API below /api/v1/<state>/, as far as this app knows them."""

from django.urls import URLPattern, URLResolver, path

from agencies.api import agencies, history, payers, people, states, teams, tokens

app_name = "agencies-api"
urlpatterns: list[URLPattern | URLResolver] = [
    path("", states.StatePage.as_view(), name="state"),
    path("words/", states.StateWords.as_view(), name="words"),
    path("colors/", states.StateColors.as_view(), name="colors"),
    path("sign-in/", states.StateSignIn.as_view(), name="sign-in"),
    path("populations/", states.PopulationList.as_view(), name="populations"),
    path("populations/<int:population>/", states.PopulationPage.as_view(), name="population"),
    path("history/", states.StateHistory.as_view(), name="state-history"),
    path("rights/", states.WhoCanSeeWhat.as_view(), name="rights"),
    path("audit-log/", history.AuditLog.as_view(), name="audit-log"),
    path("agencies/", agencies.AgencyList.as_view(), name="agencies"),
    path("agencies/<slug:agency>/", agencies.AgencyPage.as_view(), name="agency"),
    path("agencies/<slug:agency>/close/", agencies.AgencyClose.as_view(), name="agency-close"),
    path("agencies/<slug:agency>/reopen/", agencies.AgencyReopen.as_view(), name="agency-reopen"),
    path("agencies/<slug:agency>/history/", agencies.AgencyHistory.as_view(), name="agency-history"),
    path("teams/", teams.TeamList.as_view(), name="teams"),
    path("teams/<slug:team>/", teams.TeamPage.as_view(), name="team"),
    path("teams/<slug:team>/close/", teams.TeamClose.as_view(), name="team-close"),
    path("teams/<slug:team>/reopen/", teams.TeamReopen.as_view(), name="team-reopen"),
    path("teams/<slug:team>/history/", teams.TeamHistory.as_view(), name="team-history"),
    path("people/", people.MemberList.as_view(), name="people"),
    path("people/<int:membership>/", people.MemberPage.as_view(), name="person"),
    path("people/<int:membership>/remove/", people.MemberRemove.as_view(), name="person-remove"),
    path("people/<int:membership>/history/", people.MemberHistory.as_view(), name="person-history"),
    path("invitations/", people.InvitationList.as_view(), name="invitations"),
    path("invitations/<int:invitation>/resend/", people.InvitationResend.as_view(), name="invitation-resend"),
    path(
        "invitations/<int:invitation>/withdraw/",
        people.InvitationWithdraw.as_view(),
        name="invitation-withdraw",
    ),
    path("payers/", payers.PayerList.as_view(), name="payers"),
    path("payers/<int:payer>/contracts/", payers.ContractList.as_view(), name="contracts"),
    path("tokens/", tokens.TokenList.as_view(), name="tokens"),
    path("tokens/<int:token>/revoke/", tokens.TokenRevoke.as_view(), name="token-revoke"),
    path("contracts/<int:contract>/end/", payers.ContractClose.as_view(), name="contract-end"),
]

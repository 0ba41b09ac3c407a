from django.urls import path

from ips_portal.notices import views

app_name = "notices"
urlpatterns = [
    path("", views.notice_list, name="notice-list"),
    path("mine/", views.preference, name="preference"),
]

mailbox = (
    [
        path("", views.mailbox_list, name="mailbox-list"),
        path("<str:name>/", views.mailbox_message, name="mailbox-message"),
    ],
    "mailbox",
)

from django.urls import path

from ips_portal.homes import views

app_name = "homes"
urlpatterns = [path("", views.state_home, name="state-home")]

"""A page that polls while its session ends leads to sign-in as a whole, and back to where it was."""

import pytest
from django.test import Client


@pytest.mark.django_db
def test_a_polled_piece_sends_the_whole_page_to_sign_in(client: Client) -> None:
    answer = client.get(
        "/meridian/reports/x/",
        headers={"HX-Request": "true", "HX-Current-URL": "http://localhost/meridian/reports/"},
    )
    assert answer.status_code == 200
    assert answer["HX-Redirect"] == "/accounts/login/?next=%2Fmeridian%2Freports%2F"


@pytest.mark.django_db
def test_an_ordinary_request_is_redirected_with_its_whole_address(client: Client) -> None:
    answer = client.get("/meridian/reports/?page=2")
    assert (answer.status_code, answer["Location"]) == (
        302,
        "/accounts/login/?next=/meridian/reports/%3Fpage%3D2",
    )

from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from agencies import colors, logos
from agencies.actions import states
from agencies.models import Population, State
from agencies.refusals import NotPermitted, Unacceptable
from tests.cast import Cast, StateCast, refused

THEME = states.Theme("#1a4480", "#ffffff", "#005ea2")


@pytest.fixture(autouse=True)
def private_files(tmp_path: Path, settings: Any) -> None:
    settings.STORAGES = {
        **settings.STORAGES,
        "default": {
            "BACKEND": "django.core.files.storage.FileSystemStorage",
            "OPTIONS": {"location": tmp_path, "base_url": None},
        },
    }


def picture(form: str = "PNG", size: tuple[int, int] = (1200, 300)) -> bytes:
    output = BytesIO()
    Image.new("RGB", size, "#1a4480").save(output, form)
    return output.getvalue()


def test_contrast_is_what_wcag_computes() -> None:
    assert colors.contrast("#000000", "#ffffff") == pytest.approx(21)
    assert colors.contrast("#1a4480", "#ffffff") == pytest.approx(9.6, abs=0.1)
    assert colors.contrast("#767676", "#ffffff") == pytest.approx(4.54, abs=0.01)


@pytest.mark.parametrize(
    ("typed", "meant"), [("#FFF", "#ffffff"), ("1A4480", "#1a4480"), (" #abcdef ", "#abcdef")]
)
def test_a_color_is_read_in_any_common_writing(typed: str, meant: str) -> None:
    assert colors.parse(typed) == meant


@pytest.mark.parametrize("typed", ["red", "#12345", "#1234567", "url(x)", "#00000g", "}body{"])
def test_what_is_no_color_is_refused(typed: str) -> None:
    with pytest.raises(ValueError, match="not a color"):
        colors.parse(typed)


def test_change_theme_refuses_what_cannot_be_read_and_says_the_ratio(meridian: StateCast) -> None:
    with meridian.entered("admin") as by:
        with refused(Unacceptable, match="contrast of 1.00 to 1. It needs 4.5") as refusal:
            states.change_theme(meridian.state, theme=states.Theme("#fff", "#fff", "#005ea2"), by=by)
        assert refusal.value.field == "brand_ink"
        with refused(Unacceptable, match="It needs 3 to 1") as refusal:
            states.change_theme(meridian.state, theme=states.Theme("#1a4480", "#fff", "#ffee00"), by=by)
        assert refusal.value.field == "brand_accent"
        states.change_theme(meridian.state, theme=states.Theme("#154c21", "#fff", "#154c21"), by=by)
    css = meridian.seen_by("leader").get("/meridian/theme.css?v=2")
    assert css["Content-Type"].startswith("text/css")
    assert "--brand:#154c21" in css.content.decode()


@pytest.mark.parametrize("persona", ["trainer", "leader", "operator", "stakeholder"])
def test_settings_are_for_the_state_admin(meridian: StateCast, persona: str) -> None:
    with meridian.entered(persona) as by:
        for attempt in (
            lambda: states.change_theme(meridian.state, theme=THEME, by=by),
            lambda: states.change_words(meridian.state, words={}, by=by),
            lambda: states.require_second_factor(meridian.state, required=True, by=by),
            lambda: states.change_logo(meridian.state, content=picture(), by=by),
            lambda: states.add_population(meridian.state, name="Veterans", by=by),
        ):
            with refused(NotPermitted):
                attempt()


def test_settings_of_another_state_are_out_of_reach(cast: Cast) -> None:
    with cast.bayou.entered("admin") as by, refused(NotPermitted):
        states.change_words(cast.meridian.state, words={"agency": "center"}, by=by)


def test_words_reach_every_page_and_only_differences_are_kept(meridian: StateCast) -> None:
    with meridian.entered("admin") as by:
        states.change_words(meridian.state, words={"agencies": "providers", "agency": "agency"}, by=by)
    assert State.objects.get(pk=meridian.state.pk).words == {"agencies": "providers"}
    assert "<h1>Providers</h1>" in meridian.seen_by("leader").get("/meridian/agencies/").content.decode()


@pytest.mark.parametrize("form", ["PNG", "JPEG", "WEBP"])
def test_a_logo_is_drawn_anew_and_fitted(form: str) -> None:
    with Image.open(BytesIO(logos.redraw(picture(form)))) as drawn:
        assert (drawn.format, drawn.size) == ("PNG", (600, 150))


@pytest.mark.parametrize(
    "content", [b"<svg xmlns='http://www.w3.org/2000/svg'/>", b"", b"GIF89a", b"\x89PNG\r\n\x1a\nbroken"]
)
def test_what_is_no_picture_is_refused(content: bytes) -> None:
    with pytest.raises(ValueError, match="not a picture"):
        logos.redraw(content)


def test_a_picture_that_unfolds_into_very_many_pixels_is_refused() -> None:
    with pytest.raises(ValueError, match="pixels"):
        logos.redraw(picture(size=(20000, 1000)))


def test_logo_is_served_to_members_only(cast: Cast) -> None:
    admin = cast.meridian.seen_by("admin")
    upload = SimpleUploadedFile("../../logo.svg", picture("JPEG"), content_type="image/svg+xml")
    assert admin.post("/meridian/about/logo/", {"logo": upload}).status_code == 302
    answer = cast.meridian.seen_by("specialist").get("/meridian/logo.png")
    assert (answer.status_code, answer["Content-Type"]) == (200, "image/png")
    assert cast.bayou.seen_by("admin").get("/meridian/logo.png").status_code == 404
    assert admin.post("/meridian/about/logo/remove/").status_code == 302
    assert admin.get("/meridian/logo.png").status_code == 404


def test_remove_population_waits_until_no_team_serves_it(meridian: StateCast) -> None:
    served, free = meridian.populations
    with meridian.entered("admin") as by:
        with refused(Unacceptable, match="served by 4 teams"):
            states.remove_population(served, by=by)
        states.remove_population(free, by=by)
        assert list(Population.objects.all()) == [served]


def test_a_required_second_step_leads_to_its_set_up(meridian: StateCast) -> None:
    with meridian.entered("admin") as by:
        states.require_second_factor(meridian.state, required=True, by=by)
    answer = meridian.seen_by("leader").get("/meridian/teams/")
    assert (answer.status_code, answer["Location"]) == (302, "/accounts/2fa/")

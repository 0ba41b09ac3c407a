"""How Django's forms come out as USWDS: the renderer and the bound field that every form uses.

Widgets keep their ordinary classes. A form asks for a variant through the widget's own attributes, for instance
`RadioSelect(attrs={"class": TILE})` or `TextInput(attrs={"class": NARROW})`; those are kept, not overwritten.
"""

from datetime import date, datetime
from typing import Any

from django import forms
from django.forms.boundfield import BoundField
from django.forms.renderers import TemplatesSetting
from django.forms.utils import flatatt
from django.utils.html import format_html, format_html_join

TILE = "usa-radio__input--tile"  # radio buttons and checkboxes as tiles, for few and weighty choices
NARROW = "usa-input--small"
WIDE = "usa-input--2xl"

DATE_HINT = "Month/day/year, such as 2/3/2026"

CLASSES: dict[str, str] = {
    "text": "usa-input",
    "email": "usa-input",
    "url": "usa-input",
    "tel": "usa-input",
    "search": "usa-input",
    "password": "usa-input",
    "number": "usa-input",
    "date": "usa-input",
    "file": "usa-file-input",
    "select": "usa-select",
    "radio": "usa-radio__input",
    "checkbox": "usa-checkbox__input",
}


class Choice(str):
    """A choice's label that carries a sentence about it, shown below the label of a radio button or checkbox."""

    description: str

    def __new__(cls, label: str, description: str = "") -> "Choice":
        made = super().__new__(cls, label)
        made.description = description
        return made


class LongSelect(forms.Select):
    """A choice written in one go: Django renders a template for each option, which a filter of hundreds feels."""

    def render(self, name: str, value: Any, attrs: Any = None, renderer: Any = None) -> Any:
        chosen = "" if value is None else str(value)
        rows = ((key, " selected" if str(key) == chosen else "", label) for key, label in self.choices)
        options = format_html_join("", '<option value="{}"{}>{}</option>', rows)
        given = flatatt(self.build_attrs(self.attrs, attrs))
        return format_html('<select name="{}"{}>{}</select>', name, given, options)


class UswdsBoundField(BoundField):
    """Adds the USWDS class to the widget and what the field template needs to know."""

    def __init__(self, form: forms.BaseForm, field: forms.Field, name: str) -> None:
        super().__init__(form, field, name)
        speak_plainly(field)

    def build_widget_attrs(self, attrs: dict[str, Any], widget: forms.Widget | None = None) -> dict[str, Any]:
        widget = widget or self.field.widget
        built = super().build_widget_attrs(attrs, widget)
        names = [css_class(widget), str(widget.attrs.get("class", "")), str(attrs.get("class", ""))]
        if self.errors and names[0] and not self.choices_shown and not self.is_single_checkbox:
            names.append("usa-input--error")
        joined = " ".join(name for name in names if name)
        if joined:
            built["class"] = joined
        if "placeholder" in widget.attrs:
            built["placeholder"] = False  # a hint that vanishes while typing is no hint
        if isinstance(widget, forms.Textarea) and "maxlength" in widget.attrs:
            # The browser would cut pasted text silently; the page counts and the server says what is too long.
            built |= {"maxlength": False, "data-limit": widget.attrs["maxlength"]}
        if isinstance(self.field, forms.DateField):
            built.setdefault("autocomplete", "off")
        return built

    def value(self) -> Any:
        """Dates are shown as people here write them, and read back in the same form."""
        found = super().value()
        if isinstance(found, date) and not isinstance(found, datetime):
            return f"{found.month}/{found.day}/{found.year}"
        return found

    @property
    def hint(self) -> str:
        return str(self.help_text or (DATE_HINT if isinstance(self.field, forms.DateField) else ""))

    @property
    def aria_describedby(self) -> str | None:
        if self.is_hidden or not self.auto_id:
            return None
        given = self.field.widget.attrs.get("aria-describedby")
        ids = [str(given)] if given else []
        ids += [f"{self.auto_id}_helptext"] if self.hint else []
        ids += [f"{self.auto_id}_error"] if self.errors else []
        return " ".join(ids) or None

    @property
    def anchor(self) -> str:
        """The id that a link to this field must name; the first button of a group, since the group takes no focus."""
        return f"{self.auto_id}_0" if self.choices_shown else str(self.id_for_label or self.auto_id)

    @property
    def choices_shown(self) -> bool:
        return isinstance(self.field.widget, forms.RadioSelect | forms.CheckboxSelectMultiple)

    @property
    def is_single_checkbox(self) -> bool:
        return isinstance(self.field.widget, forms.CheckboxInput)

    @property
    def is_tall(self) -> bool:
        return isinstance(self.field.widget, forms.Textarea)

    @property
    def is_optional(self) -> bool:
        return not (self.field.required or self.field.disabled or self.is_single_checkbox)


# What to do, rather than what is wrong; a form that names its own message keeps it. Most particular first.
MISSING: tuple[tuple[type[forms.Field], str], ...] = (
    (forms.MultipleChoiceField, "Choose at least one."),
    (forms.ModelMultipleChoiceField, "Choose at least one."),
    (forms.ChoiceField, "Choose one."),
    (forms.ModelChoiceField, "Choose one."),
    (forms.BooleanField, "Tick this box to go on."),
    (forms.FileField, "Choose a file."),
    (forms.DateField, "Enter a date."),
    (forms.Field, "Fill this in."),
)
BAD_DATE = "Write the date as month/day/year, such as 2/3/2026."
INVALID: tuple[tuple[type[forms.Field], str], ...] = (
    (forms.DateField, BAD_DATE),
    (forms.EmailField, "Write an e-mail address, such as name@example.org."),
    (forms.URLField, "Write a web address, such as https://www.example.org."),
    (forms.IntegerField, "Write a whole number in digits."),
)
NOT_A_CHOICE = "This is not one of the choices. Choose from the list."
ALWAYS = {
    "max_length": "Shorten this to %(limit_value)d characters or fewer. It has %(show_value)d now.",
    "invalid_choice": NOT_A_CHOICE,
    "invalid_list": NOT_A_CHOICE,
    "invalid_pk_value": NOT_A_CHOICE,
}


def speak_plainly(field: forms.Field) -> None:
    """Replace Django's stock wording; the form's own copy of the field is changed, never the class."""
    stock: dict[str, Any] = {}
    for kind in reversed(type(field).__mro__):
        stock |= getattr(kind, "default_error_messages", {})
    plain = {
        "required": next(text for kind, text in MISSING if isinstance(field, kind)),
        "invalid": next((text for kind, text in INVALID if isinstance(field, kind)), ""),
        **ALWAYS,
    }
    for key, text in plain.items():
        if text and field.error_messages.get(key) == stock.get(key):
            field.error_messages[key] = text


class UswdsRenderer(TemplatesSetting):
    """Django's own renderer with our templates; set as FORM_RENDERER."""

    form_template_name = "django/forms/form.html"
    field_template_name = "_field.html"
    bound_field_class = UswdsBoundField


def css_class(widget: forms.Widget) -> str:
    """The USWDS class of a widget, empty for hidden ones and those made of several inputs."""
    if isinstance(widget, forms.Textarea):
        return "usa-textarea usa-input"
    if isinstance(widget, forms.CheckboxInput | forms.CheckboxSelectMultiple):
        return CLASSES["checkbox"]
    if isinstance(widget, forms.RadioSelect):
        return CLASSES["radio"]
    if isinstance(widget, forms.Select):
        return CLASSES["select"]
    if isinstance(widget, forms.FileInput):
        return CLASSES["file"]
    return CLASSES.get(str(getattr(widget, "input_type", "")), "")

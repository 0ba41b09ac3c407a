"""A file of rows as programs send it, and what they are told of it."""

from rest_framework import serializers

from ips_portal.api.fields import File, Text
from ips_portal.api.shapes import Out, Query, Shape, option
from ips_portal.importing.remarks import Weight

LARGEST_FILE = 3 * 1024 * 1024  # bytes of a message: a file of 2 MB in base64
LEFT, TAKEN = "left-out", "taken"


class FileSent(Shape):
    name = Text(max_length=255, help_text="Such as rows.csv.")
    file = File(
        help_text="CSV or Excel (.xlsx), up to 2 MB and 5,000 rows. No client names or other client details."
    )


class HiddenRows(Query):
    hidden = option([LEFT, TAKEN], "What is done with rows that are hidden in the file.", LEFT)


class RemarkOut(Out):
    weight = serializers.ChoiceField(choices=[weight.value for weight in Weight])
    where = serializers.CharField(allow_blank=True, help_text="The cell; empty for the row as a whole.")
    text = serializers.CharField()
    typed = serializers.CharField(allow_blank=True)


class LeftOut(Out):
    row = serializers.IntegerField()
    why = serializers.CharField()

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("agencies", "0004_outcome_policies")]

    operations = [
        migrations.AlterField(
            model_name="statepolicy",
            name="subject",
            field=models.CharField(
                choices=[
                    ("fidelity", "Fidelity reviews"),
                    ("outcomes", "Quarterly outcomes"),
                    ("need", "People eligible for IPS"),
                ],
                max_length=40,
            ),
        ),
    ]

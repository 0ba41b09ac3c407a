import django.utils.timezone
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('agencies', '0002_api_tokens'),
    ]

    operations = [
        migrations.CreateModel(
            name='FailedSignIn',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('account_sha256', models.CharField(max_length=64)),
                ('address_sha256', models.CharField(max_length=64)),
                ('at', models.DateTimeField(default=django.utils.timezone.now)),
            ],
            options={
                'indexes': [models.Index(fields=['account_sha256', 'at'], name='failed_sign_ins_by_account'), models.Index(fields=['address_sha256', 'at'], name='failed_sign_ins_by_address')],
            },
        ),
    ]

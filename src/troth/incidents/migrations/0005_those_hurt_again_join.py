from __future__ import annotations

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("incidents", "0004_what_is_being_written"),
    ]

    operations = [
        migrations.AddField(
            model_name="recurrence",
            name="joined_at",
            field=models.DateTimeField(null=True),
        ),
    ]

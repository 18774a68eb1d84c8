from __future__ import annotations

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("breaches", "0002_what_was_said_stays")]
    operations = [
        migrations.AddField(
            model_name="correction",
            name="delay",
            field=models.TextField(blank=True, db_default=""),
        ),
    ]

from __future__ import annotations

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("clocks", "0001_policies_and_clocks")]

    operations = [
        migrations.AddIndex(
            model_name="clock",
            index=models.Index(
                fields=["started_at"], name="clock_asked", condition=models.Q(("sort__in", ["first", "next"]))
            ),
        ),
        migrations.AddIndex(
            model_name="clock",
            index=models.Index(
                fields=["missed_at"], name="clock_missed", condition=models.Q(("missed_at__isnull", False))
            ),
        ),
        migrations.AddIndex(
            model_name="clock",
            index=models.Index(
                fields=["stopped_at"], name="clock_stopped", condition=models.Q(("stopped_at__isnull", False))
            ),
        ),
    ]

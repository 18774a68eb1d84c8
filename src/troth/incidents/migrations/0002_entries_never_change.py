from __future__ import annotations

from pathlib import Path

import django.contrib.postgres.fields
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("incidents", "0001_incidents"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.RemoveField(
            model_name="entry",
            name="notice_id",
        ),
        migrations.AddField(
            model_name="entry",
            name="in_public",
            field=models.BooleanField(default=False),
        ),
        migrations.AddField(
            model_name="entry",
            name="notices",
            field=django.contrib.postgres.fields.ArrayField(
                base_field=models.BigIntegerField(), default=list, size=None
            ),
        ),
        migrations.AddField(
            model_name="entry",
            name="untold",
            field=models.TextField(blank=True),
        ),
        migrations.AddConstraint(
            model_name="entry",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("kind", "note"), ("in_public", False), ("notices", [])),
                    models.Q(
                        models.Q(("kind", "note"), _negated=True),
                        models.Q(
                            ("in_public", True),
                            models.Q(("notices", []), _negated=True),
                            models.Q(("untold", ""), _negated=True),
                            _connector="OR",
                        ),
                    ),
                    _connector="OR",
                ),
                name="what_is_said_is_told_or_says_why_not",
            ),
        ),
        migrations.RunSQL(
            Path(__file__).with_suffix(".sql").read_text(encoding="utf-8"),
            "DROP TRIGGER entries_never_change ON incidents_entry; DROP FUNCTION incidents_entries_stay();"
            " DROP TRIGGER first_word_stays ON incidents_incident; DROP FUNCTION incidents_first_word_stays();",
        ),
    ]

from __future__ import annotations

from pathlib import Path

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("status", "0001_the_public_page")]
    operations = [
        migrations.RunSQL(
            Path(__file__).with_suffix(".sql").read_text(encoding="utf-8"),
            "DROP TRIGGER version_never_changes ON status_plannedversion; DROP FUNCTION status_version_never_changes();",
        )
    ]

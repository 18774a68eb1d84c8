from __future__ import annotations

from pathlib import Path

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("promises", "0001_promises_and_tellings")]
    operations = [
        migrations.RunSQL(
            Path(__file__).with_suffix(".sql").read_text(encoding="utf-8"),
            "DROP TRIGGER first_due_never_changes ON promises_promise; DROP FUNCTION promises_first_due_stays();",
        )
    ]

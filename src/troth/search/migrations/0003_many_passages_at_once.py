from __future__ import annotations

from pathlib import Path

from django.db import migrations

HERE = Path(__file__)


class Migration(migrations.Migration):
    """New messages and cases are put in by one statement for all of a statement's rows."""

    dependencies = [("search", "0002_no_beginnings_of_references"), ("cases", "0020_cases_by_their_names")]

    operations = [
        migrations.RunSQL(
            HERE.with_suffix(".sql").read_text(encoding="utf-8"),
            HERE.with_name(f"{HERE.stem}_undo.sql").read_text(encoding="utf-8"),
        )
    ]

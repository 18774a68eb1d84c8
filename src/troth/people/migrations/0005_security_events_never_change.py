from __future__ import annotations

from pathlib import Path

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("people", "0004_security_events")]
    operations = [
        migrations.RunSQL(
            Path(__file__).with_suffix(".sql").read_text(encoding="utf-8"),
            """
            DROP TRIGGER security_event_never_changes ON people_securityevent;
            DROP TRIGGER security_event_is_never_emptied ON people_securityevent;
            DROP FUNCTION people_security_event_never_changes();
            """,
        )
    ]

from __future__ import annotations

from pathlib import Path

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("notices", "0003_who_waits_is_found_by_domain")]
    operations = [
        migrations.RunSQL(
            Path(__file__).with_suffix(".sql").read_text(encoding="utf-8"),
            "DROP TRIGGER text_stays ON notices_text; DROP FUNCTION notices_text_stays();"
            "DROP TRIGGER notice_stays ON notices_notice; DROP FUNCTION notices_notice_stays();"
            "DROP TRIGGER recipient_stays ON notices_recipient; DROP FUNCTION notices_recipient_stays();",
        )
    ]

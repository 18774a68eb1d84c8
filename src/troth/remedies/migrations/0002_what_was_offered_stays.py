from __future__ import annotations

from pathlib import Path

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("remedies", "0001_remedies_and_policies")]
    operations = [
        migrations.RunSQL(
            Path(__file__).with_suffix(".sql").read_text(encoding="utf-8"),
            "DROP TRIGGER what_was_offered_stays ON remedies_remedy; DROP FUNCTION remedies_what_was_offered_stays();",
        )
    ]

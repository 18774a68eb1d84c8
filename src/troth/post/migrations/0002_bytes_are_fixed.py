from __future__ import annotations

from pathlib import Path

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("post", "0001_letters")]
    operations = [
        migrations.RunSQL(
            Path(__file__).with_suffix(".sql").read_text(encoding="utf-8"),
            "DROP TRIGGER letter_is_fixed ON post_letter; DROP FUNCTION post_letter_is_fixed();",
        )
    ]

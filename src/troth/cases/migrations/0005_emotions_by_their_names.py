"""A case's feeling is called its emotion, and the emotions have the names of the trade."""

from __future__ import annotations

from django.db import migrations

RENAME = """
UPDATE cases_case SET emotion = CASE emotion WHEN 'worry' THEN 'fear' WHEN 'thanks' THEN 'joy' ELSE '' END
 WHERE emotion IN ('worry', 'thanks', 'neutral')
"""
RENAME_BACK = """
UPDATE cases_case SET emotion = CASE emotion WHEN 'fear' THEN 'worry' WHEN 'joy' THEN 'thanks' ELSE 'neutral' END
 WHERE emotion NOT IN ('anger', 'sadness')
"""


class Migration(migrations.Migration):
    dependencies = [("cases", "0004_words_are_found")]

    operations = [
        migrations.RenameField("case", "feeling", "emotion"),
        migrations.RunSQL(RENAME, RENAME_BACK),
    ]

"""The database looks at a letter's bytes where they are named in a change, and not at every step of its way."""

from pathlib import Path

from django.db import migrations

HERE = Path(__file__)

BEFORE = """
DROP TRIGGER letter_is_fixed ON post_letter;
CREATE TRIGGER letter_is_fixed BEFORE UPDATE ON post_letter FOR EACH ROW EXECUTE FUNCTION post_letter_is_fixed();
"""


class Migration(migrations.Migration):
    dependencies = [
        ("post", "0008_bulk_letters"),
    ]

    operations = [migrations.RunSQL(HERE.with_suffix(".sql").read_text(encoding="utf-8"), BEFORE)]

from __future__ import annotations

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("inbox", "0003_references_that_may_still_arrive")]
    operations = [
        migrations.AddField(
            "arrival",
            "digest_salt",
            models.BinaryField(
                db_default=b"", help_text="What the digest in the ledger is salted with; goes with the source."
            ),
        ),
    ]

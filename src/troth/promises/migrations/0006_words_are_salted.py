from __future__ import annotations

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("promises", "0005_who_owes_what")]
    operations = [
        migrations.AddField("promise", "words_salt", models.BinaryField(db_default=b"")),
        migrations.AddField("telling", "words_salt", models.BinaryField(db_default=b"")),
    ]

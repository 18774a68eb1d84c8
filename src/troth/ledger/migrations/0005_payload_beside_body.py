from __future__ import annotations

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("ledger", "0004_the_log")]
    operations = [migrations.AddField("entry", "payload", models.BinaryField(null=True))]

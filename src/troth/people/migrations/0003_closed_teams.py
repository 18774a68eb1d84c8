from __future__ import annotations

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("people", "0002_customer_is_its_own_root")]
    operations = [
        migrations.AddField("team", "is_closed", models.BooleanField(default=False, db_default=False)),
    ]

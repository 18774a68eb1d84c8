from __future__ import annotations

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("ledger", "0006_facts_are_sealed"),
        ("cases", "0006_what_staff_say_of_readings"),  # which looks into `body`
    ]
    operations = [
        migrations.AlterField("entry", "payload", models.BinaryField()),
        migrations.RemoveField("entry", "body"),
        migrations.RemoveField("entry", "salt"),
    ]

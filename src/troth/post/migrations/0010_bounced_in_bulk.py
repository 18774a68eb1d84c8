# Whoever goes on with the next address of many readers finds at once which letters came back.

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("post", "0009_fixed_where_it_is_changed"),
    ]

    operations = [
        migrations.AddIndex(
            model_name="letter",
            index=models.Index(
                condition=models.Q(("bounced_at__isnull", False), ("bulk", True), ("state", "sent")),
                fields=["id"],
                name="letter_in_bulk_bounced",
            ),
        ),
    ]

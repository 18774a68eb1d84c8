# Letters in bulk leave in a lane of their own: a look for ordinary ones passes none of them.

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("post", "0007_enclosed_receipts"),
    ]

    operations = [
        migrations.RemoveIndex(
            model_name="letter",
            name="letter_due",
        ),
        migrations.RemoveIndex(
            model_name="letter",
            name="letter_failed",
        ),
        migrations.RemoveIndex(
            model_name="letter",
            name="letter_bounced",
        ),
        migrations.RemoveIndex(
            model_name="letter",
            name="letter_automatic_lately",
        ),
        migrations.AddField(
            model_name="letter",
            name="bulk",
            field=models.BooleanField(
                db_default=False,
                default=False,
                help_text="One of very many: it leaves in a lane of its own, in batches.",
            ),
        ),
        migrations.AddIndex(
            model_name="letter",
            index=models.Index(
                condition=models.Q(("state__in", ["queued", "sending", "data"])),
                fields=["bulk", "next_try_at", "id"],
                name="letter_due",
            ),
        ),
        migrations.AddIndex(
            model_name="letter",
            index=models.Index(
                condition=models.Q(("automatic", True), ("bulk", False)),
                fields=["created_at"],
                name="letter_automatic_lately",
            ),
        ),
        migrations.AddIndex(
            model_name="letter",
            index=models.Index(
                models.OrderBy(models.F("id"), descending=True),
                condition=models.Q(("bulk", False), ("state__in", ["refused", "unclear"])),
                name="letter_failed",
            ),
        ),
        migrations.AddIndex(
            model_name="letter",
            index=models.Index(
                models.OrderBy(models.F("id"), descending=True),
                condition=models.Q(("bounced_at__isnull", False), ("bulk", False), ("state", "sent")),
                name="letter_bounced",
            ),
        ),
    ]

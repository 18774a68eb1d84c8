from __future__ import annotations

from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("people", "0009_words_are_found"),
        ("promises", "0004_one_index_for_each_question"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.RemoveIndex(
            model_name="promise",
            name="promise_of_owner",
        ),
        migrations.AddIndex(
            model_name="promise",
            index=models.Index(
                condition=models.Q(
                    ("done_at__isnull", True), ("state__in", ["open", "moved", "late"]), ("warned_at__isnull", False)
                ),
                fields=["due"],
                name="promise_warned",
            ),
        ),
        migrations.AddIndex(
            model_name="promise",
            index=models.Index(
                condition=models.Q(("done_at__isnull", True), ("state__in", ["open", "moved", "late"])),
                fields=["owner", "due", "id"],
                name="promise_owed_by_owner",
            ),
        ),
    ]

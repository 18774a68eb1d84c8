from __future__ import annotations

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("people", "0007_keys_and_once"),
        ("promises", "0003_tellings_know_a_new_date"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        # Only a statement that names the column can change it; the watcher's do not, and need not ask row by row.
        migrations.RunSQL(
            """
            DROP TRIGGER first_due_never_changes ON promises_promise;
            CREATE TRIGGER first_due_never_changes BEFORE UPDATE OF first_due OR DELETE ON promises_promise
                FOR EACH ROW EXECUTE FUNCTION promises_first_due_stays();
            """,
            """
            DROP TRIGGER first_due_never_changes ON promises_promise;
            CREATE TRIGGER first_due_never_changes BEFORE UPDATE OR DELETE ON promises_promise
                FOR EACH ROW EXECUTE FUNCTION promises_first_due_stays();
            """,
        ),
        migrations.RemoveIndex(
            model_name="promise",
            name="promise_by_state",
        ),
        migrations.AlterField(
            model_name="promise",
            name="because",
            field=models.ForeignKey(
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="next_words",
                to="promises.promise",
            ),
        ),
        migrations.AlterField(
            model_name="promise",
            name="customer",
            field=models.ForeignKey(
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="promises",
                to="people.customer",
            ),
        ),
        migrations.AlterField(
            model_name="promise",
            name="owner",
            field=models.ForeignKey(
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="promises",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AlterField(
            model_name="promise",
            name="team",
            field=models.ForeignKey(
                db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, to="people.team"
            ),
        ),
        migrations.AddIndex(
            model_name="promise",
            index=models.Index(fields=["state", "-made_at", "-id"], name="promise_newest_by_state"),
        ),
        migrations.AddIndex(
            model_name="promise",
            index=models.Index(
                condition=models.Q(("team__isnull", False)), fields=["team", "-made_at", "-id"], name="promise_of_team"
            ),
        ),
        migrations.AddIndex(
            model_name="promise",
            index=models.Index(
                condition=models.Q(("because__isnull", False)), fields=["because"], name="promise_next_words"
            ),
        ),
    ]

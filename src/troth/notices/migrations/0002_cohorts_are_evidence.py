from __future__ import annotations

from pathlib import Path

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("notices", "0001_cohorts_and_notices"),
        ("people", "0014_customers_of_a_group"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Line",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("number", models.IntegerField()),
                ("address", models.TextField(blank=True)),
                ("name", models.TextField(blank=True)),
                ("said", models.TextField(blank=True)),
                ("problem", models.TextField(blank=True)),
            ],
        ),
        migrations.CreateModel(
            name="Upload",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name", models.TextField()),
                ("at", models.DateTimeField()),
                ("digest", models.TextField()),
                ("known", models.IntegerField(default=0)),
                ("unknown", models.IntegerField(default=0)),
                ("doubled", models.IntegerField(default=0)),
                ("wrong", models.IntegerField(default=0)),
            ],
        ),
        migrations.RemoveConstraint(
            model_name="member",
            name="an_address_is_a_member_once",
        ),
        migrations.AddField(
            model_name="cohort",
            name="frozen_to",
            field=models.BigIntegerField(db_default=0, default=0),
        ),
        migrations.AddField(
            model_name="member",
            name="mark",
            field=models.TextField(blank=True, db_default=""),
        ),
        migrations.AddField(
            model_name="member",
            name="salt",
            field=models.BinaryField(db_default=b"", default=bytes),
        ),
        migrations.AddIndex(
            model_name="member",
            index=models.Index(
                condition=models.Q(("address", ""), _negated=True), fields=["address"], name="member_address"
            ),
        ),
        migrations.AddConstraint(
            model_name="member",
            constraint=models.UniqueConstraint(
                condition=models.Q(("customer", None), models.Q(("address", ""), _negated=True)),
                fields=("cohort", "address"),
                name="an_address_is_a_member_once",
            ),
        ),
        migrations.AddConstraint(
            model_name="member",
            constraint=models.CheckConstraint(
                condition=models.Q(("customer__isnull", False), models.Q(("mark", ""), _negated=True), _connector="OR"),
                name="a_member_is_a_customer_or_an_address",
            ),
        ),
        migrations.AddConstraint(
            model_name="member",
            constraint=models.CheckConstraint(
                condition=models.Q(("why__regex", "^([a-z_]+(:[0-9]+)?( [a-z_]+(:[0-9]+)?)*)?$")),
                name="why_is_told_by_reference",
            ),
        ),
        migrations.AddField(
            model_name="line",
            name="customer",
            field=models.ForeignKey(
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="people.customer",
            ),
        ),
        migrations.AddField(
            model_name="upload",
            name="by",
            field=models.ForeignKey(
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="line",
            name="upload",
            field=models.ForeignKey(
                db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name="lines", to="notices.upload"
            ),
        ),
        migrations.AddIndex(
            model_name="upload",
            index=models.Index(fields=["-id"], name="upload_newest"),
        ),
        migrations.AddIndex(
            model_name="line",
            index=models.Index(
                condition=models.Q(("customer__isnull", False)), fields=["customer"], name="line_customer"
            ),
        ),
        migrations.AddIndex(
            model_name="line",
            index=models.Index(
                condition=models.Q(("address", ""), _negated=True), fields=["address"], name="line_address"
            ),
        ),
        migrations.AddIndex(
            model_name="line",
            index=models.Index(
                condition=models.Q(("problem", ""), _negated=True), fields=["upload", "number"], name="line_wrong"
            ),
        ),
        migrations.AddConstraint(
            model_name="line",
            constraint=models.UniqueConstraint(fields=("upload", "number"), name="a_line_is_read_once"),
        ),
        migrations.RunSQL(
            Path(__file__).with_suffix(".sql").read_text(encoding="utf-8"),
            "DROP TRIGGER cohort_stays ON notices_cohort; DROP TRIGGER member_stays ON notices_member;"
            " DROP TRIGGER member_joins ON notices_member; DROP FUNCTION notices_cohort_stays();"
            " DROP FUNCTION notices_member_stays(); DROP FUNCTION notices_member_joins();",
        ),
    ]

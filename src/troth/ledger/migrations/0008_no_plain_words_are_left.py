"""The table is written anew, so that no page of it keeps the plain words that stood in the columns which went."""

from __future__ import annotations

from django.db import migrations


class Migration(migrations.Migration):
    atomic = False
    dependencies = [("ledger", "0007_body_and_salt_go")]
    operations = [migrations.RunSQL("VACUUM FULL ledger_entry", migrations.RunSQL.noop)]

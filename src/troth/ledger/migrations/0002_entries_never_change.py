from __future__ import annotations

from pathlib import Path

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("ledger", "0001_entries_and_seals")]
    operations = [
        migrations.RunSQL(
            Path(__file__).with_suffix(".sql").read_text(encoding="utf-8"),
            """
            DROP TRIGGER entry_never_changes ON ledger_entry;
            DROP TRIGGER entry_is_never_emptied ON ledger_entry;
            DROP TRIGGER seal_never_changes ON ledger_seal;
            DROP TRIGGER seal_is_never_emptied ON ledger_seal;
            DROP TRIGGER entry_waits_for_its_seal ON ledger_entry;
            DROP FUNCTION ledger_never_changes();
            DROP FUNCTION ledger_entry_waits();
            """,
        )
    ]

"""The table is written anew, for a changed row leaves its old words in the table's file until they are overwritten."""

from django.db import migrations


class Migration(migrations.Migration):
    atomic = False  # VACUUM runs outside of transactions

    dependencies = [
        ("email", "0003_passwords_sealed"),
    ]

    operations = [
        migrations.RunSQL("VACUUM FULL email_mailbox", migrations.RunSQL.noop),
    ]

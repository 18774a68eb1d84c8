from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("email", "0001_mailboxes"),
    ]

    operations = [
        migrations.AddField(
            model_name="mailbox",
            name="started_at",
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AlterField(
            model_name="mailbox",
            name="name",
            field=models.TextField(unique=True),
        ),
    ]

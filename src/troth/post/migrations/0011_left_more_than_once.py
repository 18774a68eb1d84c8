# Which of very many letters may have arrived twice is asked by the page of their notice, each time it is looked at.

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("post", "0010_bounced_in_bulk"),
    ]

    operations = [
        migrations.AddIndex(
            model_name="letter",
            index=models.Index(
                condition=models.Q(("attempts__gt", 1), ("bulk", True)),
                fields=["because"],
                name="letter_in_bulk_again",
            ),
        ),
    ]

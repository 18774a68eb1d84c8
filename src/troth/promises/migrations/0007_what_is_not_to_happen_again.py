from __future__ import annotations

from django.db import migrations, models

import troth.words.promises


class Migration(migrations.Migration):
    dependencies = [("promises", "0006_words_are_salted")]
    operations = [
        migrations.AlterField(
            model_name="promise",
            name="sort",
            field=models.TextField(
                choices=[
                    ("deed", "deed"),
                    ("answer", "answer"),
                    ("next_word", "next_word"),
                    ("not_again", "not_again"),
                ],
                default=troth.words.promises.Sort["DEED"],
            ),
        ),
    ]

from __future__ import annotations

from django.db import migrations


class Migration(migrations.Migration):
    """Nobody asks for the beginning of a reference, for which Django makes an index beside each key of text."""

    dependencies = [("search", "0001_passages")]

    operations = [migrations.RunSQL("DROP INDEX IF EXISTS search_passage_ref_fbcf7dbb_like;", migrations.RunSQL.noop)]

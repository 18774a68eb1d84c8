"""What the worker does about orders: files of them are brought in, five hundred rows at a time."""

from __future__ import annotations

from itertools import islice

from django.utils import timezone

from troth.orders import actions
from troth.orders.models import Upload
from troth.orders.rules.given import Given, NotAnOrder
from troth.orders.rules.table import Columns, given_of, rows_of, text_of
from troth.people.queries import hours_of


def bring() -> int:
    """Bring in what waits; how many rows were dealt with. Killed at any line, it goes on behind the last batch."""
    done = 0
    for upload in Upload.objects.filter(state=Upload.State.BRINGING).order_by("pk"):
        how, zone = Columns.from_plain(upload.columns), hours_of().zone
        rows = islice(rows_of(text_of(bytes(upload.raw))), 1 + upload.done, None)
        at = upload.done
        while batch := list(islice(rows, actions.BATCH)):
            read: list[tuple[int, Given | NotAnOrder]] = []
            for line, cells in batch:
                try:
                    read.append((line, given_of(cells, how, zone=zone)))
                except NotAnOrder as error:
                    read.append((line, error))
            if not actions.note_rows(upload.pk, read, dealt_with=at, now=timezone.now()):
                break  # another worker is at it
            at += len(batch)
            done += len(batch)
        else:
            actions.brought_in(upload.pk, now=timezone.now())
    return done

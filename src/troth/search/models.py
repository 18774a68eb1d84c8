"""What can be found. The rows are kept by triggers of the database (migration `passages`), never by hand."""

from __future__ import annotations

from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVectorField
from django.db import models


class PassageSort(models.TextChoices):
    MESSAGE = "message"
    NOTE = "note"
    SUBJECT = "subject"
    PROMISE = "promise"


class Passage(models.Model):
    """The words of a message, a note, a case's subject or a promise, stemmed by the language they are in."""

    #: "message:12", "case:3", "promise:5": what they are the words of.
    ref = models.TextField(primary_key=True)
    sort = models.TextField(choices=PassageSort.choices)
    #: The case's number; a number only, so that the search never stands in the way of a write.
    case_id = models.BigIntegerField(null=True)
    at = models.DateTimeField()
    #: The text search configuration they were stemmed by.
    tongue = models.TextField()
    #: With marks for sort, day, month and year among them.
    words = SearchVectorField()

    class Meta:
        indexes = [
            models.Index(fields=["case_id"], name="passage_of_case", condition=models.Q(case_id__isnull=False)),
            # A short list of what is not sorted in yet: every question reads all of it.
            GinIndex(fields=["words"], name="passage_words", fastupdate=True, gin_pending_list_limit=256),
        ]

    def __str__(self) -> str:
        return self.ref


class Behind(models.Model):
    """What was here before the search was, and is not put in yet: the rows of a sort whose numbers are below this one."""

    sort = models.TextField(primary_key=True)
    below = models.BigIntegerField()

    def __str__(self) -> str:
        return self.sort

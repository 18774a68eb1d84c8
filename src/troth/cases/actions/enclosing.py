"""Files that go out with an answer: put in while it is written, taken out and put back, and carried by its letter."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet, Sum

from troth.cases.actions.writing import hold_to_write
from troth.cases.files import harmless
from troth.cases.models import Attachment, Blob, Case, Message, Reply, ReplyFile
from troth.cases.rules.sniffed import sniffed
from troth.people.models import Staff

#: So many files go with one letter.
FILES_MOST = 20
#: For so long what was taken out can be put back, and what a program put in waits for its answer.
LEFT_LYING = timedelta(days=1)
MIB = 1024 * 1024


class NoRoom(ValueError):
    """The files of one letter would be too many, or too large together."""


class EmptyFile(ValueError):
    """There is nothing in it."""


class FileGone(LookupError):
    """A file that was to go out is not there any more."""


def size_most() -> int:
    """So many bytes all files of one letter may have together."""
    return int(settings.TROTH_FILES_MIB) * MIB


def waiting(case: Case, *, staff: Staff) -> QuerySet[ReplyFile]:
    """What lies beside the words this person, or the program that acts for them, is writing in *case*."""
    mine = ReplyFile.objects.filter(case=case, staff=staff, key=staff.through_key, reply=None, removed_at=None)
    return mine.order_by("pk")


@transaction.atomic
def put_in(case: Case, *, staff: Staff, name: str, content: bytes, now: datetime) -> ReplyFile:
    """Keep a file beside what is being written. Raises EmptyFile, NoRoom, NobodyLeft."""
    if not content:
        raise EmptyFile("It is empty.")
    hold_to_write(case)
    _forget_left(case, staff=staff, now=now)
    mine = waiting(case, staff=staff)
    _refuse_too_much(count=mine.count() + 1, size=_size(mine) + len(content))
    digest = hashlib.sha256(content).hexdigest()
    Blob.objects.get_or_create(digest=digest, defaults={"content": content})
    return ReplyFile.objects.create(
        case=case,
        staff=staff,
        key_id=staff.through_key,
        blob_id=digest,
        name=harmless(name),
        seen_as=sniffed(content),
        size=len(content),
        added_at=now,
    )


def _size(files: QuerySet[ReplyFile]) -> int:
    return files.order_by().aggregate(size=Sum("size"))["size"] or 0


def _refuse_too_much(*, count: int, size: int) -> None:
    if count > FILES_MOST:
        raise NoRoom(f"More than {FILES_MOST} files.")
    if size > size_most():
        raise NoRoom(f"More than {size_most() // MIB} MiB.")


def _forget_left(case: Case, *, staff: Staff, now: datetime) -> None:
    """What was taken out a while ago, and what a program never sent, goes for good."""
    lying = Q(removed_at__lt=now - LEFT_LYING) | Q(key__isnull=False, added_at__lt=now - LEFT_LYING)
    drop(ReplyFile.objects.filter(lying, case=case, staff=staff, reply=None))


def take_out(file: ReplyFile, *, now: datetime) -> bool:
    """Leave it out; `put_back` undoes that for a day. False where it goes with a reply already, or was out."""
    return ReplyFile.objects.filter(pk=file.pk, reply=None, removed_at=None).update(removed_at=now) == 1


@transaction.atomic
def put_back(file: ReplyFile, *, staff: Staff) -> bool:
    """Undo `take_out`; False where it was never out. Raises NoRoom where others took its place, NobodyLeft."""
    hold_to_write(file.case)
    mine = waiting(file.case, staff=staff)
    _refuse_too_much(count=mine.count() + 1, size=_size(mine) + file.size)
    return ReplyFile.objects.filter(pk=file.pk, reply=None, removed_at__isnull=False).update(removed_at=None) == 1


def chosen(case: Case, *, staff: Staff, files: Sequence[int]) -> list[ReplyFile]:
    """The files that are to go with an answer. Raises FileGone, NoRoom."""
    if not files:
        return []
    found = list(waiting(case, staff=staff).filter(pk__in=files))
    if len(found) != len(set(files)):
        raise FileGone("A file of it is not there any more.")
    _refuse_too_much(count=len(found), size=sum(file.size for file in found))
    return found


def send_along(reply: Reply, files: Iterable[ReplyFile]) -> None:
    ReplyFile.objects.filter(pk__in=[file.pk for file in files]).update(reply=reply)


def lay_back(reply: Reply) -> None:
    """The files of a reply that does not leave lie beside its writer's draft again, also where a program had sent it."""
    ReplyFile.objects.filter(reply=reply).update(reply=None, key=None)


def carry(reply: Reply, message: Message) -> list[Attachment]:
    """What went with the reply becomes what the message brought; the bytes stay where they are."""
    files = list(ReplyFile.objects.filter(reply=reply).order_by("pk"))
    if not files:
        return []
    carried = Attachment.objects.bulk_create(
        Attachment(
            message=message,
            blob_id=file.blob_id,
            name=file.name,
            content_type=file.seen_as or "application/octet-stream",
            size=file.size,
            seen_as=file.seen_as,
        )
        for file in files
    )
    ReplyFile.objects.filter(pk__in=[file.pk for file in files]).delete()
    return carried


def drop(files: QuerySet[ReplyFile]) -> None:
    """These go for good, and their bytes where nobody else has the same."""
    digests = list(files.order_by().values_list("blob_id", flat=True).distinct())
    if digests:
        files.delete()
        drop_bytes(digests)


def drop_bytes(digests: Sequence[str]) -> None:
    """Of these the ones that no message and no writer has."""
    sent = Attachment.objects.filter(blob=OuterRef("pk"))
    waits = ReplyFile.objects.filter(blob=OuterRef("pk"))
    Blob.objects.filter(~Exists(sent), ~Exists(waits), pk__in=digests).delete()

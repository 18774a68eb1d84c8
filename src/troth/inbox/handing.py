"""What a person sent, byte by byte as it arrived, as it is handed out to them (docs/formats/export.md)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from troth.inbox.models import Arrival
from troth.words.refs import NotAReference, number_of

#: What a source is: a letter as the mail server took it, else what a form or a program sent.
ENDINGS = {"email": "eml"}


def files(sources: Iterator[str] | Sequence[str]) -> Iterator[tuple[str, bytes]]:
    """The arrival behind each source of a message ("arrival:7"), one at a time; other sources are passed over."""
    for source in sources:
        try:
            pk = number_of(source, "arrival")
        except NotAReference:
            continue
        found = Arrival.objects.filter(pk=pk).values_list("channel", "source").first()
        if found and found[1]:
            yield f"received/{pk}.{ENDINGS.get(found[0], 'json')}", bytes(found[1])

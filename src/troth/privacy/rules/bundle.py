"""A zip archive as it is written, a piece at a time, and always the same bytes for the same things."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from io import RawIOBase
from typing import Any
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

#: Every file's time: when it was handed out is no part of what was held.
NO_TIME = (1980, 1, 1, 0, 0, 0)


class _Outlet(RawIOBase):
    """What the archive writes to: nothing is kept of it but what nobody took yet."""

    def __init__(self) -> None:
        self.waiting: list[bytes] = []

    def writable(self) -> bool:
        return True

    def write(self, piece: Any) -> int:
        self.waiting.append(bytes(piece))
        return len(piece)

    def taken(self) -> bytes:
        whole = b"".join(self.waiting)
        self.waiting.clear()
        return whole


def bundled(
    files: Iterable[tuple[str, Iterable[bytes]]], *, times: Mapping[str, datetime] | None = None
) -> Iterator[bytes]:
    """The archive of *files*, each a name and its pieces; no more than a piece is held at a time. *times* says
    when a file was written, and is asked as it begins."""
    outlet = _Outlet()
    with ZipFile(outlet, "w", ZIP_DEFLATED) as archive:
        for name, pieces in files:
            at = times.get(name) if times else None
            info = ZipInfo(name, at.timetuple()[:6] if at else NO_TIME)
            info.compress_type, info.create_system, info.external_attr = ZIP_DEFLATED, 3, 0o600 << 16
            with archive.open(info, "w", force_zip64=True) as member:
                for piece in pieces:
                    member.write(piece)
                    if outlet.waiting:
                        yield outlet.taken()
            yield outlet.taken()
    yield outlet.taken()

"""The last copy of every public page, in files beside the data: whole or not at all, and there while the database is away.

`status/current` names the folder of one whole copy; `manifest.json` in it says what lies in which file. A copy is written into
a folder of its own, brought to disk, and then `current` is renamed over: whoever reads meanwhile, or is killed, has the old one
whole. Pages whose words did not change are linked, not written. The manifest's time says when the copy was held against the
database last.
"""

from __future__ import annotations

import hashlib
import json
import os
import secrets
import shutil
from collections.abc import Iterable
from contextlib import suppress
from datetime import datetime
from pathlib import Path
from typing import Any

from troth.status.pages import Page

FOLDER, CURRENT, MANIFEST = "status", "current", "manifest.json"
#: Whoever began to read the copy before may end: so many stay.
COPIES_KEPT = 2


def keep(pages: Iterable[Page], folder: Path, *, zone: str, now: datetime) -> bool:
    """Let the copy in *folder* be these *pages*; False where it was so already, which is then noted as looked at."""
    every = list(pages)
    before = manifest(folder)
    if before and {path: one["digest"] for path, one in before["pages"].items()} == {p.path: p.digest for p in every}:
        os.utime(folder / CURRENT / MANIFEST, (now.timestamp(), now.timestamp()))
        return False
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    name = f"copy-{now:%Y%m%dT%H%M%S%f}-{secrets.token_hex(4)}"
    place = folder / name
    place.mkdir(mode=0o700)
    try:
        listed = {page.path: _written(page, place, before, folder) for page in every}
        _write(place / MANIFEST, json.dumps({"made_at": now.isoformat(), "zone": zone, "pages": listed}).encode())
        os.utime(place / MANIFEST, (now.timestamp(), now.timestamp()))
        _sync(place)
        _point(folder, name)
    except BaseException:
        shutil.rmtree(place, ignore_errors=True)
        raise
    _let_go(folder, name)
    return True


def manifest(folder: Path) -> dict[str, Any] | None:
    """What the copy in *folder* holds; None where there is none that can be read."""
    try:
        found: dict[str, Any] = json.loads((folder / CURRENT / MANIFEST).read_bytes())
    except (OSError, ValueError):
        return None
    return found


def _written(page: Page, place: Path, before: dict[str, Any] | None, folder: Path) -> dict[str, str]:
    """The page in *place*, and what the manifest says of it."""
    old = before["pages"].get(page.path) if before else None
    if old and old["digest"] == page.digest and _linked(old, folder / CURRENT, place):
        return dict(old)
    said = {"kind": page.kind, "digest": page.digest, "file": _name(page.path)}
    content = page.make(False)
    _write(place / said["file"], content)
    said["etag"] = hashlib.sha256(content).hexdigest()[:32]
    if page.says_it_is_a_copy:
        said["away"] = "away." + said["file"]
        _write(place / said["away"], page.make(True))
    return said


def _linked(old: dict[str, str], there: Path, place: Path) -> bool:
    names = [old["file"], *([old["away"]] if "away" in old else [])]
    try:
        for name in names:
            os.link(there / name, place / name)
    except OSError:
        for name in names:
            (place / name).unlink(missing_ok=True)
        return False
    return True


def _name(path: str) -> str:
    """`incidents/4f…/` as `incidents.4f….html`."""
    plain = path.strip("/").replace("/", ".") or "index"
    return plain if path and not path.endswith("/") else f"{plain}.html"


def _write(path: Path, content: bytes) -> None:
    with path.open("wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())


def _sync(place: Path) -> None:
    number = os.open(place, os.O_RDONLY)
    try:
        os.fsync(number)
    finally:
        os.close(number)


def _point(folder: Path, name: str) -> None:
    beside = folder / f".{name}"
    beside.symlink_to(name)
    beside.rename(folder / CURRENT)
    _sync(folder)


def _let_go(folder: Path, name: str) -> None:
    """Older copies, and what a process left that was killed while it wrote; not what another may be writing at this moment."""
    copies = sorted(one for one in folder.glob("copy-*") if one.name <= name)
    for old in copies[:-COPIES_KEPT]:
        shutil.rmtree(old, ignore_errors=True)
    for link in folder.glob(".copy-*"):
        if link.name < f".{name}":
            with suppress(OSError):
                link.unlink()

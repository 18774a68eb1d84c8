"""The folder of everything kept outside the database, closed to the machine's other users."""

from __future__ import annotations

import os
import stat
from pathlib import Path

#: Root's database runs as another user, who must be able to pass through to its own closed folder; nobody can look around.
MODE = 0o711 if os.geteuid() == 0 else 0o700
OTHERS = stat.S_IRWXO
#: What tells that a folder is one of ours, and not a place such as /srv that somebody named by mistake.
SIGNS = ("secret-key", "postgres")


def closed_folder(path: Path) -> Path:
    """*path*, made if it is not there. One from before loses what other users could see of it; its group is the host's affair."""
    try:
        path.mkdir(mode=0o700, parents=True)
        path.chmod(MODE)
    except FileExistsError:
        was = path.stat()
        mode = stat.S_IMODE(was.st_mode)
        mine = os.geteuid() in {0, was.st_uid} and any((path / sign).exists() for sign in SIGNS)
        if mine and mode & OTHERS & ~MODE:
            path.chmod(mode & ~OTHERS | MODE & OTHERS)
    return path

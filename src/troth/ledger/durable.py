"""What is written outside the database must be on the disk before anybody counts on it. No Django: who watches a log uses it, too."""

from __future__ import annotations

import os
from pathlib import Path


def settle(folder: Path) -> None:
    """Have the names in *folder* on the disk, as what is in the files is."""
    opened = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(opened)
    finally:
        os.close(opened)

"""What is known against the Python we run on."""

from __future__ import annotations

import logging
import sys

from troth.site.rules.interpreter import faults_of, mended_by

log = logging.getLogger(__name__)


def warn(version: tuple[int, int, int] = sys.version_info[:3]) -> None:
    """Say in the log which faults it is known for, where there are any."""
    faults = faults_of(version)
    if faults:
        log.warning(
            "Python %s has known faults in %s (%s); %s is free of them, and so may be what your distribution made of it.",
            ".".join(map(str, version)),
            ", ".join(sorted({fault.module for fault in faults})),
            ", ".join(fault.name for fault in faults),
            mended_by(version),
        )

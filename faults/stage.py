"""A stage for a fault that runs by itself: a database and mail servers of its own, and Django ready to use them."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.lab.mail import MailLab

from troth.site.postgres import Cluster


@contextmanager
def stage() -> Iterator[MailLab]:
    """Everything a fault stands on, empty; it is gone afterwards. Once in a process, for Django is set up once."""
    lab = MailLab()
    try:
        lab.start()
        with database():
            yield lab
    finally:
        lab.stop()


@contextmanager
def database(*, fast: bool = True) -> Iterator[Cluster]:
    """A database of its own and Django ready to use it, without mail servers. A *fast* one forgets when it is killed."""
    for name in [name for name in os.environ if name.startswith("TROTH_")]:
        del os.environ[name]
    place = Path(tempfile.mkdtemp(prefix="troth-faults-", dir="/tmp"))
    place.chmod(0o755)  # PostgreSQL may run as another user
    data = place / "data"
    data.mkdir(mode=0o700)
    (data / "static").mkdir()  # WhiteNoise warns without it
    cluster = Cluster(place / "postgres", fast=fast)
    try:
        os.environ |= {
            "DATABASE_URL": cluster.start(),
            "DJANGO_SETTINGS_MODULE": "troth.site.settings",
            "TROTH_DATA": str(data),
            "TROTH_SECRET_KEY": "faults-sign-nothing-of-worth-and-need-fifty-characters",
            "TROTH_LOG_LEVEL": "ERROR",
            "TROTH_ENCLOSURES": "none",  # where letters carry receipts, the scene says so
        }
        _set_up_django()
        yield cluster
    finally:
        cluster.stop()
        shutil.rmtree(place, ignore_errors=True)


def _set_up_django() -> None:
    import django  # the settings must be in the environment first

    django.setup()
    from django.core.management import call_command  # the same

    call_command("migrate", interactive=False, verbosity=0)
    call_command("createcachetable", verbosity=0)

"""A worker process that runs the watcher's lane and nothing else; its database is the one DATABASE_URL names."""

from __future__ import annotations

import os
import threading

import django

if __name__ == "__main__":
    os.environ["DJANGO_SETTINGS_MODULE"] = "troth.site.settings"
    django.setup()
    from troth.promises import tasks  # the settings must be in the environment first
    from troth.site.worker import Lane

    Lane("watcher", tasks.look_ahead).run(threading.Event())

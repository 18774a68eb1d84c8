"""Pages and the live channel for any ASGI server: `troth web` serves the same."""

import os

from troth.site.server import live_channel, one_door, standing_first

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "troth.site.settings")

from troth.site.wsgi import application as pages

application = one_door(pages, live_channel(), standing=standing_first())

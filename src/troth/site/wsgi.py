"""Django's pages for any WSGI server; `troth web` serves them together with the live channel."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "troth.site.settings")

application = get_wsgi_application()

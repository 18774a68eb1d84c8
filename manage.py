#!/usr/bin/env python
"""Django's own commands, for developers; operators use `troth`."""

import os
import sys

if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "troth.site.settings")
    from django.core.management import execute_from_command_line  # the settings must be named first

    execute_from_command_line(sys.argv)

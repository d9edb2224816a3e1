"""Makes the database and starts Django's own server; in production, gunicorn or uvicorn takes its place."""

from __future__ import annotations

import argparse
import os

import django
from django.core.management import call_command

parser = argparse.ArgumentParser(description="Show the members of organizations, in Django.")
parser.add_argument("--port", type=int, default=8000, help="the port (default: %(default)s)")
options = parser.parse_args()

os.environ["DJANGO_SETTINGS_MODULE"] = "examples.django_members.settings"
django.setup()
call_command("migrate", verbosity=0)
call_command("runserver", f"127.0.0.1:{options.port}", use_reloader=False)

"""The Celery app. Tasks are doors in `signing.tasks`; the schedule stands in the settings."""

import os

from celery import Celery

from .embedded_broker import register

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portal.settings")

register()
app = Celery("portal")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()

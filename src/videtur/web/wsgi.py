"""The application that the web server calls."""

import os

from django.core.wsgi import get_wsgi_application

from videtur.pipeline.lifeline import end_with_parent

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "videtur.web.settings")
if parent := os.environ.get("VIDETUR_SERVED_BY"):
    # `videtur serve` was killed: a process left over would go on answering, at its port, without a worker.
    end_with_parent(int(parent))
application = get_wsgi_application()

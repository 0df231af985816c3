"""Django as a WSGI application, for our own front and for any other server."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "heartline.config.settings")
application = get_wsgi_application()

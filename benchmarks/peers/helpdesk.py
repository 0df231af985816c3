"""django-helpdesk as one file: settings, addresses, rows, and the application to serve.

    pip install django-helpdesk granian "psycopg[binary]"     (in an environment of its own)
    python -m benchmarks.desk --peer /path/to/its/python

Settings are the best it has for speed: staff-only menus, no debug, kept connections, cached templates, no mail sent,
the light password hasher (nobody signs in during the measurement).
"""

from __future__ import annotations

import json
import os
import sys
from datetime import UTC, datetime
from itertools import islice
from typing import Any

from django.conf import settings

FOLDER = os.environ["PEER_FOLDER"]
START = datetime(2025, 1, 1, tzinfo=UTC)


def _database() -> dict[str, Any]:
    url = os.environ.get("PEER_POSTGRESQL", "")
    if url:
        host, name = url.split("|")
        engine = {"ENGINE": "django.db.backends.postgresql", "HOST": host, "NAME": name, "USER": "postgres"}
        return {**engine, "CONN_MAX_AGE": None}
    start = "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL;"
    options = {"transaction_mode": "IMMEDIATE", "timeout": 30, "init_command": start}
    return {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": f"{FOLDER}/peer.sqlite3",
        "OPTIONS": options,
        "CONN_MAX_AGE": None,
    }


if not settings.configured:
    settings.configure(
        SECRET_KEY="peer" * 10,
        DEBUG=False,
        ALLOWED_HOSTS=["*"],
        DATABASES={"default": _database()},
        INSTALLED_APPS=[
            "django.contrib.admin",
            "django.contrib.auth",
            "django.contrib.contenttypes",
            "django.contrib.sessions",
            "django.contrib.messages",
            "django.contrib.staticfiles",
            "django.contrib.sites",
            "django.contrib.humanize",
            "rest_framework",
            "helpdesk",
        ],
        MIDDLEWARE=[
            "django.middleware.security.SecurityMiddleware",
            "django.contrib.sessions.middleware.SessionMiddleware",
            "django.middleware.common.CommonMiddleware",
            "django.middleware.csrf.CsrfViewMiddleware",
            "django.contrib.auth.middleware.AuthenticationMiddleware",
            "django.contrib.messages.middleware.MessageMiddleware",
        ],
        TEMPLATES=[
            {
                "BACKEND": "django.template.backends.django.DjangoTemplates",
                "APP_DIRS": True,
                "OPTIONS": {
                    "context_processors": [
                        "django.template.context_processors.request",
                        "django.contrib.auth.context_processors.auth",
                        "django.contrib.messages.context_processors.messages",
                    ]
                },
            }
        ],
        ROOT_URLCONF=__name__,
        SITE_ID=1,
        USE_TZ=True,
        STATIC_URL="/static/",
        MEDIA_ROOT=f"{FOLDER}/media",
        DEFAULT_AUTO_FIELD="django.db.models.BigAutoField",
        EMAIL_BACKEND="django.core.mail.backends.dummy.EmailBackend",
        HELPDESK_TEAMS_MODE_ENABLED=False,
        HELPDESK_NAVIGATION_ENABLED=False,
        REST_FRAMEWORK={"DEFAULT_AUTHENTICATION_CLASSES": ["rest_framework.authentication.SessionAuthentication"]},
        PASSWORD_HASHERS=["django.contrib.auth.hashers.MD5PasswordHasher"],
    )

import django  # noqa: E402

django.setup()

from django.core.wsgi import get_wsgi_application  # noqa: E402
from django.urls import include, path  # noqa: E402

urlpatterns = [path("", include("helpdesk.urls", namespace="helpdesk"))]
application = get_wsgi_application()


def prepare(cases: int, each: int, queues: int) -> dict[str, Any]:
    """Make tables and rows; returns the cookie of a staff member."""
    from django.contrib.auth import get_user_model
    from django.core.management import call_command
    from helpdesk.models import FollowUp, Queue, Ticket

    from benchmarks.corpus import Corpus

    call_command("migrate", verbosity=0)
    people: Any = get_user_model().objects
    boss = people.create_superuser("boss", "boss@example.com", "boss")
    rows = [Queue.objects.create(title=f"Queue {n}", slug=f"queue-{n}") for n in range(queues)]
    corpus = Corpus(cases, each, [queue.id for queue in rows], 1)

    def tickets() -> Any:
        for row in corpus.case_rows():
            yield Ticket(
                id=row["id"],
                title=row["subject"][:200],
                queue_id=row["queue_id"],
                created=row["opened_at"],
                modified=row["opened_at"],
                submitter_email=f"customer{row['customer_id']}@example.com",
                status=1 if row["state"] == "open" else 4,
                description=row["subject"],
                secret_key="x",
            )

    def follow_ups() -> Any:
        for row in corpus.message_rows():
            yield FollowUp(
                ticket_id=row["case_id"], date=row["at"], title="Comment", comment=row["body"], public=True, user=boss
            )

    for model, made in ((Ticket, tickets()), (FollowUp, follow_ups())):
        while part := list(islice(made, 5000)):
            model.objects.bulk_create(part)
    _count_on(Ticket, FollowUp)
    return {"cookie": _cookie(boss), "rare": corpus.rare_words(200, 3)}


def _count_on(*models: Any) -> None:
    """Let the database number new rows after those that came with their numbers."""
    from django.core.management.color import no_style
    from django.db import connection

    with connection.cursor() as cursor:
        for text in connection.ops.sequence_reset_sql(no_style(), models):
            cursor.execute(text)


def _cookie(person: Any) -> str:
    from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
    from django.contrib.sessions.backends.db import SessionStore

    session = SessionStore()
    session[SESSION_KEY] = str(person.pk)
    session[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[0]
    session[HASH_SESSION_KEY] = person.get_session_auth_hash()
    session.create()
    return f"sessionid={session.session_key}; csrftoken={'a' * 32}"


if __name__ == "__main__":
    print(json.dumps(prepare(*map(int, sys.argv[1:4]))))

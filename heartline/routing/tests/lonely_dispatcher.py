"""A dispatcher in a process of its own, on the database that is named, until it is killed: `python -m … NAME`."""

from __future__ import annotations

import sys
import threading


def main() -> None:
    from django.conf import settings

    settings.DATABASES["default"]["NAME"] = sys.argv[1]
    import django

    django.setup()
    from heartline.routing import dispatcher

    dispatcher.run(threading.Event())


if __name__ == "__main__":
    main()

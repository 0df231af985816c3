"""Sets up the folder when Django starts."""

from django.apps import AppConfig


class ReceptionConfig(AppConfig):
    """The front hall: contact page, ways to a person, a case's own page."""

    name = "heartline.reception"

    def ready(self) -> None:
        """Put the telephone on the contact page; every channel puts itself there."""
        from heartline.reception.ways import Entrance, add_entrance, phone_way

        add_entrance("phone", Entrance(order=10, way=phone_way))

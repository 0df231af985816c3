"""Sets up the folder when Django starts."""

from django.apps import AppConfig


class WebformConfig(AppConfig):
    """Messages, complaints and calls asked for by form."""

    name = "heartline.channels.webform"

    def ready(self) -> None:
        """Put the forms on the contact page."""
        from heartline.channels.webform.entrance import entrances
        from heartline.reception.ways import add_entrance

        for key, entrance in entrances().items():
            add_entrance(key, entrance)

"""Sets up the folder when Django starts."""

from django.apps import AppConfig


class WebchatConfig(AppConfig):
    """Chat on the contact page and in the widget."""

    name = "heartline.channels.webchat"

    def ready(self) -> None:
        """Put the chat on the contact page."""
        from heartline.channels.webchat.entrance import entrance
        from heartline.reception.ways import add_entrance

        add_entrance("webchat", entrance())

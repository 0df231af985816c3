"""Sets up the folder when Django starts."""

from django.apps import AppConfig


class PeopleConfig(AppConfig):
    """Our side: who works here and may do what."""

    name = "heartline.people"

    def ready(self) -> None:
        """Connect what listens to sign-ins, and the check of the permission table."""
        from heartline.people import checks, sign_ins  # noqa: F401  registering is their purpose

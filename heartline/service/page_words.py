"""What the desk's scripts say, in the reader's language. Scripts hold no sentence of their own."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _

from heartline.conversations.models.case import RESOLUTIONS, CaseState
from heartline.conversations.models.contact import ContactState
from heartline.customers.models import IdentityKind, Tier
from heartline.people.models import PresenceState, Role
from heartline.people.models.organisation import CHANNELS, LANGUAGES
from heartline.people.models.presence import REASONS
from heartline.routing.models import DECLINE_REASONS

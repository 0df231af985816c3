"""Why somebody owns a follow-up, in words."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

OWNER_WHY = {
    "asked": _("took it, or was given it"),
    "case_owner": _("has the case"),
    "supervisor": _("leads the team of this queue; nobody had the case"),
    "admin": _("nobody of the team could own it"),
    "team": _("serves this queue; nobody else could own it"),
    "anybody": _("nobody else could own it"),
}

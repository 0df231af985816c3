"""The one permission table. Pages, API, push, files and exports all ask it; a route that is not in it is refused.

Rights say *what* a role may do. *Which* cases, contacts and people it may do it to is decided by `Scope`
(see `heartline.people.queries.scope_of`) in each room's `queries.py`.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

PUBLIC = "public"
VISITOR = "visitor"
SIGNED_IN = "signed_in"
CLOSED = "closed"

ROLES_WITH: Mapping[str, frozenset[str]] = MappingProxyType(
    {
        right: frozenset(roles.split())
        for right, roles in {
            "desk.use": "agent expert supervisor admin",
            "contact.serve": "agent supervisor admin",
            "contact.join": "supervisor admin",
            "contact.reassign": "supervisor admin",
            "presence.own": "agent expert supervisor admin",
            "presence.others": "supervisor admin",
            "floor.view": "supervisor analyst admin",
            "insight.view": "supervisor analyst admin",
            "message.read": "agent expert supervisor admin",
            "personal.read": "agent expert supervisor admin",
            "setup.manage": "admin",
            "audit.view": "admin",
        }.items()
    }
)

# Route name → right. PUBLIC needs nothing, VISITOR is checked by the view against a visitor's token, SIGNED_IN is for
# everybody who works here, CLOSED is for nobody: a door that a library brings along and that we keep shut.
ROUTES: dict[str, str] = {
    # the house
    "health": PUBLIC,
    "set_language": PUBLIC,
    # signing in
    "account_login": PUBLIC,
    "account_logout": PUBLIC,
    "account_inactive": PUBLIC,
    "account_reset_password": PUBLIC,
    "account_reset_password_done": PUBLIC,
    "account_reset_password_from_key": PUBLIC,
    "account_reset_password_from_key_done": PUBLIC,
    "account_change_password": SIGNED_IN,
    "account_set_password": SIGNED_IN,
    "account_reauthenticate": SIGNED_IN,
    "account_signup": CLOSED,  # people are added by an administrator
    "account_email": CLOSED,  # and so are their addresses
    "account_email_verification_sent": CLOSED,
    "account_confirm_email": CLOSED,
    "account_confirm_login_code": CLOSED,
    "mfa_authenticate": PUBLIC,
    "mfa_login_webauthn": PUBLIC,
    "mfa_index": SIGNED_IN,
    "mfa_reauthenticate": SIGNED_IN,
    "mfa_activate_totp": SIGNED_IN,
    "mfa_deactivate_totp": SIGNED_IN,
    "mfa_view_recovery_codes": SIGNED_IN,
    "mfa_generate_recovery_codes": SIGNED_IN,
    "mfa_download_recovery_codes": SIGNED_IN,
    "mfa_list_webauthn": SIGNED_IN,
    "mfa_add_webauthn": SIGNED_IN,
    "mfa_edit_webauthn": SIGNED_IN,
    "mfa_remove_webauthn": SIGNED_IN,
    "mfa_reauthenticate_webauthn": SIGNED_IN,
    "socialaccount_connections": SIGNED_IN,
    "socialaccount_login_cancelled": PUBLIC,
    "socialaccount_login_error": PUBLIC,
    "socialaccount_signup": CLOSED,
    "openid_connect_login": CLOSED,  # stands behind account:openid_login, which checks more
    "openid_connect_callback": CLOSED,
    "usersessions_list": CLOSED,  # shown on account:page
    "django.views.generic.base.RedirectView": CLOSED,  # allauth's addresses of long ago
    "account:openid_login": PUBLIC,
    "account:openid_callback": PUBLIC,
    # files in conversations
    "files:file": "message.read",
    # the figures
    "insight:overview": "insight.view",
    "insight:rows": "insight.view",
    "insight:csv": "insight.view",
    "insight:definitions": "insight.view",
    "insight:definition": "insight.view",
}


def rights_of(role: str) -> frozenset[str]:
    """Return every right of a role."""
    return frozenset(right for right, roles in ROLES_WITH.items() if role in roles)

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
            "quick_replies.team": "supervisor admin",
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
    "ui:components": PUBLIC,  # there only while developing
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
    "account:page": SIGNED_IN,
    "account:end_session": SIGNED_IN,
    "account:end_all_sessions": SIGNED_IN,
    "account:invitation": PUBLIC,
    # set-up
    "setup:first": PUBLIC,
    "setup:overview": "setup.manage",
    "setup:brands": "setup.manage",
    "setup:brand": "setup.manage",
    "setup:brand_add": "setup.manage",
    "setup:brand_remove": "setup.manage",
    "setup:hours": "setup.manage",
    "setup:holidays": "setup.manage",
    "setup:holiday_remove": "setup.manage",
    "setup:people": "setup.manage",
    "setup:person": "setup.manage",
    "setup:person_add": "setup.manage",
    "setup:person_invite": "setup.manage",
    "setup:person_sessions": "setup.manage",
    "setup:person_may_sign_in": "setup.manage",
    "setup:sites": "setup.manage",
    "setup:site": "setup.manage",
    "setup:site_add": "setup.manage",
    "setup:site_remove": "setup.manage",
    "setup:skills": "setup.manage",
    "setup:skill": "setup.manage",
    "setup:skill_add": "setup.manage",
    "setup:skill_remove": "setup.manage",
    "setup:queues": "setup.manage",
    "setup:queue": "setup.manage",
    "setup:queue_add": "setup.manage",
    "setup:queue_remove": "setup.manage",
    "setup:teams": "setup.manage",
    "setup:team": "setup.manage",
    "setup:team_add": "setup.manage",
    "setup:team_remove": "setup.manage",
    "setup:audit": "audit.view",
    "reasons:list": "setup.manage",
    "reasons:add": "setup.manage",
    "reasons:usual": "setup.manage",
    "reasons:reason": "setup.manage",
    "reasons:move": "setup.manage",
    "reasons:remove": "setup.manage",
    "sample:remove": "setup.manage",
    # the desk
    "desk:page": "desk.use",
    "desk:case_page": "desk.use",
    "desk:snapshot": "desk.use",
    "desk:case": "message.read",
    "desk:story": "message.read",
    "desk:earlier": "message.read",
    "desk:online": "message.read",
    "desk:edit_case": "desk.use",
    "desk:tried": "desk.use",
    "desk:tags": "contact.serve",
    "desk:tag_names": "message.read",
    "desk:snooze": "contact.serve",
    "desk:take_up": "contact.serve",
    "desk:snooze_times": "desk.use",
    "desk:draft": "desk.use",
    "desk:drafts": "desk.use",
    "desk:finish_follow_up": "contact.serve",
    "desk:presence": "presence.own",
    "desk:accept": "contact.serve",
    "desk:decline": "contact.serve",
    "desk:take": "contact.serve",
    "desk:messages": "desk.use",
    "desk:seen": "desk.use",
    "desk:typing": "desk.use",
    "desk:upload": "desk.use",
    "desk:transfer": "contact.serve",
    "desk:give_back": "contact.serve",
    "desk:end": "contact.serve",
    "desk:wrap_up": "contact.serve",
    "desk:experts": "contact.serve",
    "desk:join": "contact.join",
    "desk:leave": "desk.use",
    # quick replies
    "quick_replies:list": "desk.use",
    "quick_replies:add": "desk.use",
    "quick_replies:quick_reply": "desk.use",
    "quick_replies:remove": "desk.use",
    "quick_replies:for_contact": "message.read",
    "quick_replies:used": "desk.use",
    # what customers use
    "reception:contact": PUBLIC,
    "reception:brand": PUBLIC,
    "reception:case": VISITOR,
    "reception:case_file": VISITOR,
    "reception:forget": PUBLIC,
    "webform:message": PUBLIC,
    "webform:complaint": PUBLIC,
    "webform:callback": PUBLIC,
    "widget": PUBLIC,
    "webchat:frame": PUBLIC,
    "webchat:asset": PUBLIC,
    "webchat:visitor": PUBLIC,
    "webchat:start": PUBLIC,
    "webchat:state": VISITOR,
    "webchat:messages": VISITOR,
    "webchat:files": VISITOR,
    "webchat:file": VISITOR,
    "webchat:typing": VISITOR,
    "webchat:seen": VISITOR,
    "webchat:leave": VISITOR,
    "webchat:resume": VISITOR,
    "webchat:callback": VISITOR,
    "webchat:rating": VISITOR,
    # files in conversations
    "files:file": "message.read",
    # the floor
    "floor:page": "floor.view",
    "floor:state": "floor.view",
    "floor:choices": "contact.reassign",
    "floor:give": "contact.reassign",
    "floor:take_back": "contact.reassign",
    "floor:presence": "presence.others",
    # the figures
    "insight:overview": "insight.view",
    "insight:rows": "insight.view",
    "insight:csv": "insight.view",
    "insight:definitions": "insight.view",
    "insight:definition": "insight.view",
    # what we owe
    "promises:list": "desk.use",
    "promises:finish": "desk.use",
    "promises:take": "desk.use",
    # the voice of the customer
    "voice_of_customer:question": VISITOR,
    "voice_of_customer:thanks": VISITOR,
    # the API: each operation by its name; the gate (heartline.api.gate) asks for it, also where addresses are shared
    "api:openapi-json": PUBLIC,
    "api:api-root": CLOSED,
    "api:list_queues": SIGNED_IN,
    "api:list_people": "desk.use",
    "api:read_me": SIGNED_IN,
    "api:read_presence": "presence.own",
    "api:set_presence": "presence.own",
    "api:list_customers": "personal.read",
    "api:read_customer": "personal.read",
    "api:change_customer": "contact.serve",
    "api:list_cases": "desk.use",
    "api:read_case": "desk.use",
    "api:change_case": "contact.serve",
    "api:list_messages": "message.read",
    "api:list_contacts": "desk.use",
    "api:read_contact": "desk.use",
    "api:open_contact": "contact.serve",
    "api:take_contact": "contact.serve",
    "api:transfer_contact": "contact.serve",
    "api:give_back_contact": "contact.serve",
    "api:end_contact": "contact.serve",
    "api:wrap_up_contact": "contact.serve",
    "api:add_reply": "contact.serve",
    "api:add_note": "desk.use",
    "api:list_offers": "contact.serve",
    "api:accept_offer": "contact.serve",
    "api:decline_offer": "contact.serve",
    "api:list_follow_ups": "desk.use",
    "api:read_follow_up": "desk.use",
    "api:take_follow_up": "desk.use",
    "api:finish_follow_up": "desk.use",
    "api:list_responses": "message.read",
    "api:list_figures": "insight.view",
    "api:list_figure_contacts": "insight.view",
    "api:list_events": SIGNED_IN,
    "keys:list": SIGNED_IN,
    "keys:revoke": SIGNED_IN,
}


def rights_of(role: str) -> frozenset[str]:
    """Return every right of a role."""
    return frozenset(right for right, roles in ROLES_WITH.items() if role in roles)

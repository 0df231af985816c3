"""Rights in words, for who chooses what a key may do."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

RIGHTS = {
    "desk.use": _("See cases, contacts and follow-ups; add notes"),
    "contact.serve": _("Serve: take, reply, hand over, wrap up, change cases and customers"),
    "contact.join": _("Join contacts of others"),
    "contact.reassign": _("Decide about contacts of others"),
    "contact.whisper": _("Whisper to who serves a contact"),
    "floor.announce": _("Announce something to one’s teams"),
    "presence.own": _("Set one's own presence"),
    "presence.others": _("Set the presence of others"),
    "floor.view": _("See the floor"),
    "alert.see": _("See alerts and say that one looks at them"),
    "alert.handle": _("Among alerts, those of queues"),
    "alert.manage": _("Set rules of alerts"),
    "insight.view": _("See figures"),
    "message.read": _("Read messages and answers of customers"),
    "personal.read": _("Read customers' names and addresses"),
    "customer.view": _("See customers, masked where names and addresses are not to be read"),
    "customer.change": _("Change customers"),
    "customer.merge": _("Merge customers and take them apart"),
    "customer.export": _("Take customers' data out as a file"),
    "customer.import": _("Bring customers in from a file"),
    "customer.erase": _("Erase customers"),
    "knowledge.write": _("Write what we know as articles"),
    "knowledge.publish": _("Review and publish articles"),
    "setup.manage": _("Change the set-up"),
    "audit.view": _("Read the record"),
}
# What the API has operations for; other rights would be given without use.
USEFUL = (
    "desk.use",
    "contact.serve",
    "contact.join",
    "contact.reassign",
    "contact.whisper",
    "floor.announce",
    "alert.see",
    "alert.handle",
    "presence.own",
    "presence.others",
    "insight.view",
    "message.read",
    "personal.read",
    "customer.view",
    "customer.change",
    "setup.manage",
    "audit.view",
)

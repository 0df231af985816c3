"""What the variables of prepared texts are called."""

from __future__ import annotations

from django.utils.translation import gettext as _


def variable_words() -> dict[str, str]:
    """Return what each variable stands for, in the reader's language."""
    return {
        "customer.name": _("Customer’s name"),
        "agent.name": _("Your name as customers see it"),
        "case.number": _("Case number"),
        "case.subject": _("Subject of the case"),
        "brand.name": _("Brand"),
        "brand.phone": _("Brand’s phone number"),
    }

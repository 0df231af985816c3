"""The only writer of customers."""

from heartline.customers.actions.known import (
    add_identity,
    change_customer,
    create_customer,
    normalise,
    phone_number,
    remove_identity,
)

__all__ = ["add_identity", "change_customer", "create_customer", "normalise", "phone_number", "remove_identity"]

"""Routes that ask for no right: who may pass them all the same."""

PUBLIC = "public"
VISITOR = "visitor"
SIGNED_IN = "signed_in"
CLOSED = "closed"

"""A message left in a form, also without JavaScript."""

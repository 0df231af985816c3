"""The design system: tokens, components, base templates, icons and the words they share."""

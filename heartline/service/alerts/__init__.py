"""Alerts by rule: somebody should look now, is told once, says that they look, and it ends when it is calm again."""

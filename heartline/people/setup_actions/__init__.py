"""The only writers of settings and of people, one module per concept. Each change is one transaction and one fact."""

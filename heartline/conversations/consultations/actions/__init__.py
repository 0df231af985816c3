"""The only writers of questions to experts."""

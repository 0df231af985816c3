"""The thinking of quality reviews, pure: cards, scores, samples, agreement."""

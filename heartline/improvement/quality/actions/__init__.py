"""Changes to scorecards, samples, reviews, calibrations and coaching notes."""

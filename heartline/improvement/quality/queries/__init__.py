"""Permission-checked reading of scorecards, samples, reviews, calibrations and coaching notes."""

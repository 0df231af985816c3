"""Quality reviews and coaching: scorecards, samples, blind double scoring, calibration, feedback, next steps."""

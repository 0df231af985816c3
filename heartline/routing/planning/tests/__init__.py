"""Tests of how the plan is written, compared and tried."""

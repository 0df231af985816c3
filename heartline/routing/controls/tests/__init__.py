"""Tests of supervisors' controls."""

"""The front hall: the contact page, honest waits, and what customers reach from there."""

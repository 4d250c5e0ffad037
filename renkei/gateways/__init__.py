"""The ways in and out: residents and other systems."""

"""Reads: they take the viewer and never write."""

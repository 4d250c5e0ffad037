"""Reads: each takes the viewer, or a door that was opened for one."""

"""The editor of forms, for the staff of municipalities."""

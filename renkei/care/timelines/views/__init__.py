"""Pages of rooms, entries, groups, conversations, today and usage."""

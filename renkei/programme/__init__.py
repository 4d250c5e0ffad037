"""The floor of the programme: one region, counts only, never a person."""

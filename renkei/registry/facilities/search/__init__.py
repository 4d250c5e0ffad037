"""Finding places: what is indexed, how it is asked for, and what comes back."""

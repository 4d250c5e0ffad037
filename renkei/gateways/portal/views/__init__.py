"""Pages for residents; they work without script, and nobody signs in."""

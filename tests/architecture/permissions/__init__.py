"""Who may open which page, a table per room."""

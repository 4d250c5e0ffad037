"""How a report is put together: every number with its footnote (T-Q1)."""

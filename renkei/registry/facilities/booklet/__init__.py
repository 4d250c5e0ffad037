"""The printed booklet of an area: one plan, three formats with the same rows (T-A6a, T-A9)."""

"""指標: definitions, values with source and day, comparison."""

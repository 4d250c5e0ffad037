"""Files of numbers: how their columns are understood, and what their rows say."""

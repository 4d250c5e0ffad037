"""Writing about persons, their consent and their teams."""

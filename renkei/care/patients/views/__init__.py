"""Pages of persons, consent and teams."""

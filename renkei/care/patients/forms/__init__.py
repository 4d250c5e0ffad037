"""Forms of persons, consent and teams."""

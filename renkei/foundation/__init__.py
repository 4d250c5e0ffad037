"""Ground floor: what every room stands on (design: docs/architecture.md)."""

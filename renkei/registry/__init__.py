"""The register of resources, item (ア)."""

"""Writes: one public function = one transaction = one audit event."""

"""The pages of one's own account, of invitations, of organisations and of the audit trail."""

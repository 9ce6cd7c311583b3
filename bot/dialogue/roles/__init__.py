"""Who may do what: granted and revoked in chat by leaders, beside the roles that the settings name."""

"""What admins do with the knowledge: examined reloads, statistics, what people did not get."""

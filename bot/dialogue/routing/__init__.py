"""What a message is: a command, a button, an answer to what is open, an act that is wanted, a question."""

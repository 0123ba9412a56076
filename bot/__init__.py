"""What talks to people: adapters, commands, texts, the intake desk, the command line."""

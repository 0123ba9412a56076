"""What is remembered stays, what is deleted is gone, whatever happens in between."""

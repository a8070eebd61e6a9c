"""What listens to a queue."""

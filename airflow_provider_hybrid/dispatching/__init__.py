"""What the first task of a dispatcher does with a batch of messages."""

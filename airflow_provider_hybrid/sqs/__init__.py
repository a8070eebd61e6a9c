"""The queue: its client, the calls on it, and the meaning of its answers."""

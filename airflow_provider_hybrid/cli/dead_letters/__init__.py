"""`hybrid dead-letters`: what is in the dead-letter queue, and the way back."""

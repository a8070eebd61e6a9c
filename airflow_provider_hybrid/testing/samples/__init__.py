"""Events as their producers send them, made for a test: a producer writes one, and ways lead it to a queue."""

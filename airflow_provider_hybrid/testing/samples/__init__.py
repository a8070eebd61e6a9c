"""Events as their producers send them, made for a test: a producer writes one, ways lead it to a queue."""

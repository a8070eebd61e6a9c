"""The envelopes in which events come, one module each."""

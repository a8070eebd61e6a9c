"""What a valid configuration says and nobody can have meant."""

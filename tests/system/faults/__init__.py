"""What becomes of a steady stream of events while parts of the installation die, or misbehave."""

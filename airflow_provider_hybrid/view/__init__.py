"""What people see of dispatchers: answers to their questions, for commands and for pages."""

"""EventBridge's pattern language. Pure: of this package it imports the error tree alone."""

"""EventBridge's pattern language. Pure: it knows nobody else in this package but the error tree."""

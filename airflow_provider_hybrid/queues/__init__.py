"""The handful of SQS calls."""

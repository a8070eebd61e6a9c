"""Slips in a configuration that is valid."""

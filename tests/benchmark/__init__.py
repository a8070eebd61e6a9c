"""Measurements, to be looked at; no test depends on them."""

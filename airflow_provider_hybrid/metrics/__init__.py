"""Figures for monitoring, sent through Airflow's own metrics."""

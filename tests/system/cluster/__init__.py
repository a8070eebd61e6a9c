"""Airflow on CeleryExecutor, with two of each part."""

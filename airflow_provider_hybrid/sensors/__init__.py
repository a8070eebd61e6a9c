"""Airflow's kind *sensor*: the task that listens to a queue."""

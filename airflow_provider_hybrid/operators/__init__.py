"""Airflow's kind *operator*: the task that starts DAG runs."""

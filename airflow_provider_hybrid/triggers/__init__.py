"""Airflow's kind *trigger*: the class that waits in the triggerer."""

"""Airflow's kind *extra link*: the buttons of a task in the UI."""

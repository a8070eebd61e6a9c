"""The record: one line for each message that a dispatcher took, in Airflow's own database."""

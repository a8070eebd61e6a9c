"""What operators lead to in Airflow's UI."""

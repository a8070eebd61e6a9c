"""`hybrid doctor`: a live set-up, checked from Airflow's side."""

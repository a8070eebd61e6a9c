"""The pages in Airflow's UI. The API server serves them."""

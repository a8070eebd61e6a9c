"""Who may see what on the pages, asked of a real API server with each of Airflow's own auth managers."""

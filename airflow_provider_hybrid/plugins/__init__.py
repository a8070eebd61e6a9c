"""What Airflow loads in each of its components, by the entry point group ``airflow.plugins``."""

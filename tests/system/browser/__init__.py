"""The pages in a real browser, within Airflow's UI: what somebody finds there, and how they look."""

"""Starting the DAG runs that messages ask for, and settling the messages."""

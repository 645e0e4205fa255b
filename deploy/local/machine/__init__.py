"""What is asked of the machine: ports, private files, processes."""

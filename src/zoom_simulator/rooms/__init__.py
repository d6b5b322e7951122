"""What happens inside meetings: starting, joining, waiting, leaving, ending."""

"""What the benchmarks of mail are played on: a sink, and messages that are due."""

"""What the benchmarks over HTTP are played on: an installation, visitors, and a floor."""

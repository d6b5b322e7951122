-- Print one line of JSON that benchmarks/stage/visitors.py reads. Latencies come in microseconds.
function report(summary, latency)
   local errors = summary.errors
   local wrong = errors.connect + errors.read + errors.write + errors.timeout + errors.status
   local answered = summary.requests - errors.status
   print(string.format(
      '\n{"rate": %.1f, "p50": %.3f, "p95": %.3f, "p99": %.3f, "wrong": %d}',
      answered / summary.duration * 1e6, latency:percentile(50) / 1e3,
      latency:percentile(95) / 1e3, latency:percentile(99) / 1e3, wrong))
end

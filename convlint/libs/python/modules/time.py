"""The module `time`: clocks are not known, waiting takes no time."""

from __future__ import annotations

from convlint.libs.python.declare import no_operations, outside

outside(
    "time",
    "time time_ns perf_counter perf_counter_ns monotonic monotonic_ns process_time process_time_ns "
    "thread_time localtime gmtime ctime asctime strftime strptime mktime",
    "what a clock says is not known",
)
no_operations("time", "sleep tzset")

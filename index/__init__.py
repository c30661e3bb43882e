"""Articles to search: loading, cleaning, passages, encoders, and the library that holds them."""

from index import telemetry as _telemetry

_telemetry.switch_off()

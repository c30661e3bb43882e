"""Ingest on several machines: workers read files, cut and encode; one process admits and writes."""

"""Writing over HTTP: jobs, uploads, and requests that are sent twice."""

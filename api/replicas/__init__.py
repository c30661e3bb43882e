"""Models in replicas on a Ray cluster: the server keeps HTTP, search and composition, and asks
replicas for vectors of questions and for what the reader finds."""

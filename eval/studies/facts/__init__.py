"""What reads numbers, names, time and marks of orders, tried on sentences with the right values."""

"""Articles to search: loading, cleaning, passages, encoders, and the library that holds them."""

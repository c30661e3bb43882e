"""The store that ships: an SQLite database with FAISS and tantivy beside it, in one folder."""

"""What words such as "It", "She" and "The company" that begin a sentence refer to: a corpus of
invented news, and how often :mod:`rag.citing.antecedents` is right about it."""

def ask_resident(arguments):
    return None

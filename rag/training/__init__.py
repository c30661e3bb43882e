"""How the reader's weights are made: data, model, training, export, calibration.

Nothing here is imported to answer a question; all of it needs torch but :mod:`.sets`,
:mod:`.negatives`, :mod:`.noise` and :mod:`.score`.
"""

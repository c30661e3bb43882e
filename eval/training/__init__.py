"""Make the reader's weights: data, model, training, export, calibration.

Nothing here is imported to answer a question. In order: :mod:`.packs` makes what is learnt from,
:mod:`.train` learns, :mod:`.export` writes the weights, :mod:`.calibrate` fits the probability and
measures, :mod:`.card` writes the model card. :mod:`.prepared` and :mod:`.accelerated` train on a
machine that has nothing but torch.
"""

from __future__ import annotations

import os

# Read by OpenMP when torch loads it: threads that wait for each other sleep instead of spinning.
# On two cores with other work beside it, training is 1.6 times as fast so.
os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")

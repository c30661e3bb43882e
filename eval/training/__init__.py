"""How the reader's weights are made: data, model, training, export, calibration.

Nothing here is imported to answer a question. The network and its training (:mod:`.model`,
:mod:`.train`, :mod:`.graph`, :mod:`.export`) need torch, the rest does not.
"""

from __future__ import annotations

import os

# Read by OpenMP when torch loads it: threads that wait for each other sleep instead of spinning.
# On two cores with other work beside it, training is 1.6 times as fast so.
os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")

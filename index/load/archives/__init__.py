"""Web archives: the pages that a crawler kept."""

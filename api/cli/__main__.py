"""``python -m api.cli`` is ``pullquote``."""

from api.cli import main

main()

"""`python -m lazulite.monte_carlo` and the console script `lazulite-mc`."""

import sys

from lazulite.monte_carlo.cli import main

if __name__ == "__main__":
    sys.exit(main())

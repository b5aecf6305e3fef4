"""`python -m cartwheel` is `cartwheel`."""

import sys

from cartwheel.cli import main

sys.exit(main())

#!/usr/bin/env python3
"""Django's own command line, for a checkout. Installed, `visavis` does the same."""

from visavis.config.cli import main

if __name__ == "__main__":
    main()

"""A few lines run in a Python of their own, which loads the product anew."""

import os
import subprocess
import sys

from journeys.stack import PRODUCT


def run_anew(code, **environment):
    return subprocess.run(
        [sys.executable, "-c", code],
        check=False,
        env=os.environ | PRODUCT | environment,
        capture_output=True,
        text=True,
    )

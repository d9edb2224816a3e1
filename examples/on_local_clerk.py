"""Runs a script on a Clerk of its own on this machine: `python -m examples.on_local_clerk examples/quickstart.py`.

The script finds it by the environment, as it would find the real one.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
from pathlib import Path

from clerk.testing import SECRET_KEY, LocalClerk

ROOT = Path(__file__).resolve().parent.parent


def run(script: str) -> int:
    """Run a Python script on a local Clerk with three users.

    Args:
        script: Its path.

    Returns:
        Its exit code.
    """
    with LocalClerk() as local, local.serve() as url:
        local.seed_users(3)
        here = {"CLERK_API_URL": url, "CLERK_SECRET_KEY": SECRET_KEY, "PYTHONPATH": str(ROOT)}
        return subprocess.run([sys.executable, script], env={**os.environ, **here}, check=False).returncode


def main() -> int:
    """Run the script that the command line names."""
    parser = argparse.ArgumentParser(description="Run a script on a Clerk of its own on this machine.")
    parser.add_argument("script", help="path of the script; a local Clerk with three users is made for it")
    return run(parser.parse_args().script)


if __name__ == "__main__":
    sys.exit(main())

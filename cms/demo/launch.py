"""Replaces itself with a command that ends when its parent ends.

    python -I cms/demo/launch.py PARENT_PID USER COMMAND [ARGUMENT ...]

USER is the account to run as, or `-` to stay who we are. A program of its own instead of `preexec_fn`, which is not
safe in a process with threads. Standard library only.
"""

from __future__ import annotations

import ctypes
import os
import pwd
import signal
import sys

PR_SET_PDEATHSIG = 1  # prctl(2), Linux


def end_with_parent() -> None:
    """Ask the kernel for a SIGTERM when the parent process ends, however it ends."""
    if sys.platform == "linux":
        ctypes.CDLL(None, use_errno=True).prctl(PR_SET_PDEATHSIG, signal.SIGTERM)


def become(name: str) -> None:
    """Give up root for good and run as the account `name`."""
    account = pwd.getpwnam(name)
    os.setgroups([])
    os.setgid(account.pw_gid)
    os.setuid(account.pw_uid)


def main() -> None:
    """Become the command whose words are the arguments, under an account, for as long as the parent lives."""
    parent, user, *command = sys.argv[1:]
    if user != "-":
        become(user)
    # After the change of account: the kernel forgets the signal when credentials change.
    end_with_parent()
    if os.getppid() != int(parent):
        sys.exit("parent process is gone")
    os.execvp(command[0], command)  # noqa: S606  the command comes from processes.Child


if __name__ == "__main__":
    main()

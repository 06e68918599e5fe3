#!/bin/sh
# Makes the environment of the project: deploy/setup.sh demo|all|next
#
#   demo  what the site and its demo need, in .venv
#   all   the tests and static checks too
#   next  a second environment, .venv-next, with the newest Wagtail instead of the long-term-support release
#
# Does nothing when the environment already matches uv.lock, so it also works without a network then.
set -eu
cd "$(dirname "$0")/.."
unset VIRTUAL_ENV UV_PROJECT_ENVIRONMENT PYTHONHOME PYTHONPATH

what=${1:?demo, all or next}

fail() {
    echo "$1" >&2
    exit 1
}

find_python() {
    for name in "${PYTHON_COMMAND:-python3}" python3.13 python3.12 python3.11 python3.14; do
        if "$name" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then
            echo "$name"
            return
        fi
    done
    fail "Es fehlt Python 3.11 oder neuer. Gesucht wurde nach python3, python3.11 bis python3.14; ein anderer Ort geht mit PYTHON_COMMAND=/pfad/zu/python make …"
}

# Debian's python3 comes without ensurepip, and without ensurepip there is no pip in a new environment.
require_venv() {
    "$1" -c 'import ensurepip, venv' 2>/dev/null && return
    package=$("$1" -c 'import sys; print("python3.%d-venv" % sys.version_info[1])')
    if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
        echo "Systempaket $package installieren …"
        if apt-get -qq update >/dev/null && DEBIAN_FRONTEND=noninteractive apt-get -qq install -y "$package" >/dev/null; then
            return
        fi
    fi
    fail "Python fehlt das Modul venv. Bitte eingeben: sudo apt-get install -y $package"
}

make_environment() {
    "$1/bin/python" -c '' 2>/dev/null && return
    python=$(find_python)
    require_venv "$python"
    echo "Umgebung $1 mit $("$python" --version) anlegen …"
    "$python" -m venv --clear "$1" || fail "Die Umgebung $1 ließ sich nicht anlegen; die Meldung steht darüber."
}

# The machine's uv, else one of our own inside the environment. Seed packages survive `uv sync`, uv among them.
find_uv() {
    if command -v uv >/dev/null && uv --version >/dev/null 2>&1; then
        uv=uv
        return
    fi
    uv=$PWD/.venv/bin/uv
    [ -x "$uv" ] && return
    echo "uv installieren …"
    # An environment that uv made has no pip.
    .venv/bin/python -m pip --version >/dev/null 2>&1 || .venv/bin/python -m ensurepip >/dev/null
    PIP_DISABLE_PIP_VERSION_CHECK=1 .venv/bin/python -m pip install -qq --no-input uv \
        || fail "uv ließ sich nicht installieren. Ist das Netz erreichbar?"
}

# Sets the environment up as uv.lock says, unless the stamp shows that this has happened already.
synchronise() {
    state=$(cksum uv.lock pyproject.toml)
    for group in all "$1"; do
        if [ -f ".venv/synchronised-$group" ] && [ "$(cat ".venv/synchronised-$group")" = "$state" ]; then
            return
        fi
    done
    find_uv
    echo "Gesperrte Abhängigkeiten installieren …"
    rm -f .venv/synchronised-*
    if [ "$1" = demo ]; then
        set -- demo --inexact --no-default-groups --group embedded
    fi
    group=$1
    shift
    "$uv" sync --locked --quiet "$@" || fail "Die Abhängigkeiten ließen sich nicht installieren; die Meldung steht darüber."
    printf '%s' "$state" >".venv/synchronised-$group"
}

# Started in another directory, because pyproject.toml here holds Wagtail back below the next release.
next_pip() {
    "$(command -v "$uv")" --directory / pip install --quiet --python "$PWD/.venv-next/bin/python" "$@"
}

# Starts from the locked versions and lets only those move that the newest Wagtail does not accept.
synchronise_next() {
    state=$(cksum uv.lock pyproject.toml deploy/setup.sh)
    stamp=.venv-next/synchronised
    if [ -f "$stamp" ] && [ "$(cat "$stamp")" = "$state" ]; then
        return
    fi
    find_uv
    echo "Neuestes Wagtail in .venv-next installieren …"
    "$uv" export --locked --quiet --no-hashes --no-emit-project -o .venv-next/locked.txt >/dev/null
    next_pip --no-deps -r "$PWD/.venv-next/locked.txt" && next_pip -r "$PWD/pyproject.toml" 'wagtail>=8' \
        || fail "Das neueste Wagtail ließ sich nicht installieren; die Meldung steht darüber."
    printf '%s' "$state" >"$stamp"
}

make_environment .venv
.venv/bin/python -I cms/demo/libraries.py
case $what in
    demo | all) synchronise "$what" ;;
    next)
        make_environment .venv-next
        synchronise_next
        ;;
    *) fail "deploy/setup.sh: demo, all oder next" ;;
esac

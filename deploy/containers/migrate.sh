#!/bin/sh
# What happens once before everything else starts: a key is made if there is none, and the database gets its tables.
#
#   SECRET_KEY        what the key shall be; empty: one is made up at the first start, and kept
#   SECRET_KEY_FILE   where website and workers read it
set -eu

umask 077
given=${SECRET_KEY:-}
unset SECRET_KEY
if [ -n "$given" ]; then
    printf '%s' "$given" >"$SECRET_KEY_FILE.new"
    mv "$SECRET_KEY_FILE.new" "$SECRET_KEY_FILE"
elif [ ! -s "$SECRET_KEY_FILE" ]; then
    python -c 'import secrets; print(secrets.token_urlsafe(64), end="")' >"$SECRET_KEY_FILE.new"
    mv "$SECRET_KEY_FILE.new" "$SECRET_KEY_FILE"
    echo "migrate.sh: a new SECRET_KEY was written to $SECRET_KEY_FILE"
fi
unset given
exec python manage.py migrate --noinput

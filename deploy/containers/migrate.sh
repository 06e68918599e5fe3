#!/bin/sh
# What happens once before everything else starts: a key is made if there is none, and the database gets its tables.
#
#   SECRET_KEY        what the key shall be; empty: one is made up at the first start, and kept
#   SECRET_KEY_FILE   where website and workers read it; a file of one's own (SECRETS_DIR) is only read, and counts
#                     before SECRET_KEY
set -eu

# One line of JSON like those of the site (cms/logs.py).
say() {
    printf '{"time": "%s", "level": "INFO", "logger": "migrate.sh", "process": %d, "message": "%s"}\n' \
        "$(date -u +%Y-%m-%dT%H:%M:%S.%3N+00:00)" $$ "$1"
}

umask 077
given=${SECRET_KEY:-}
unset SECRET_KEY
if [ ! -w "$(dirname "$SECRET_KEY_FILE")" ]; then
    say "the key is expected in $SECRET_KEY_FILE"
elif [ -n "$given" ]; then
    printf '%s' "$given" >"$SECRET_KEY_FILE.new"
    mv "$SECRET_KEY_FILE.new" "$SECRET_KEY_FILE"
elif [ ! -s "$SECRET_KEY_FILE" ]; then
    python -c 'import secrets; print(secrets.token_urlsafe(64), end="")' >"$SECRET_KEY_FILE.new"
    mv "$SECRET_KEY_FILE.new" "$SECRET_KEY_FILE"
    say "a new SECRET_KEY was written to $SECRET_KEY_FILE"
fi
unset given
say "the database gets the tables that it lacks"
exec python manage.py migrate --noinput --verbosity 0

#!/bin/sh
# Starts PostgreSQL with a password that is made up at the first start and that nobody has to know: it stands in a
# volume that only the site shares, as the address of the database (DATABASE_URL_FILE).
set -eu

shared=/run/database
if [ ! -s "$shared/url" ]; then
    password=$(head -c 30 /dev/urandom | od -An -tx1 | tr -d ' \n')
    printf '%s' "$password" >"$shared/password"
    printf 'postgres://ikoe:%s@db/ikoe' "$password" >"$shared/url"
    # Read by the account of the site and by PostgreSQL's own; nobody else has this volume.
    chmod 644 "$shared/password" "$shared/url"
fi
exec docker-entrypoint.sh "$@"

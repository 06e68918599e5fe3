#!/bin/sh
# Starts nginx in its container: writes the outer configuration for what this machine has, then becomes nginx.
#
#   TRUSTED_PROXIES   networks of a proxy in front of this one, separated by commas
#   /etc/nginx/tls    fullchain.pem and privkey.pem; without them nginx speaks plain HTTP, for a proxy in front
#   APPLICATION       host:port of the website
set -eu

# The health check: nginx answers on a port of its own, whatever the website does.
if [ "${1:-}" = --healthy ]; then
    exec perl -MIO::Socket::INET -e '
        my $socket = IO::Socket::INET->new(PeerAddr => "127.0.0.1:8081", Timeout => 4) or exit 1;
        print $socket "GET / HTTP/1.0\r\n\r\n";
        exit(<$socket> =~ / 204 / ? 0 : 1);'
fi

# One line of JSON like those of the site (cms/logs.py).
say() {
    printf '{"time": "%s", "level": "INFO", "logger": "nginx.sh", "process": %d, "message": "%s"}\n' \
        "$(date -u +%Y-%m-%dT%H:%M:%S.%3N+00:00)" $$ "$1"
}

run=/tmp/nginx
tls=/etc/nginx/tls
mkdir -p "$run"
ln -sfn /etc/nginx/ikoe "$run/ikoe"
ln -sfn /etc/nginx/mime.types "$run/mime.types"

application=${APPLICATION:-web:8000}

# The addresses of the website, which change whenever its containers are made anew. Each stands there twice: when a
# worker of the website dies, nginx asks once more, and with one container it has no other to ask.
addresses() { getent ahostsv4 "${application%:*}" | awk '{ print $1 }' | sort -u; }
write_upstream() {
    {
        echo 'upstream ikoe {'
        for address in $1 $1; do echo "server $address:${application##*:} max_fails=0;"; done
        echo '}'
    } >"$run/upstream.conf"
}
follow_upstream() {
    known=$1
    while sleep 2; do
        found=$(addresses) || continue
        [ -n "$found" ] && [ "$found" != "$known" ] || continue
        known=$found
        write_upstream "$known"
        # Not by "nginx -s reload", which says so in a line of its own form.
        kill -HUP "$(cat "$run/nginx.pid")" || true
    done
}

trusted=$(echo "${TRUSTED_PROXIES:-}" | tr ',' ' ')
{
    echo 'geo $realip_remote_addr $is_trusted_proxy { default 0;'
    for network in $trusted; do echo "$network 1;"; done
    echo '}'
    for network in $trusted; do echo "set_real_ip_from $network;"; done
} >"$run/proxies.conf"

cat >"$run/paths.conf" <<END
set \$archive_root /var/lib/ikoe/archive;
set \$media_root /var/lib/ikoe/media;
set \$static_root /srv/static;
set \$acme_root /var/lib/ikoe-acme;
set \$error_pages /etc/nginx/ikoe/pages;
set \$application ikoe;
access_log /dev/stdout ikoe_json if=\$is_logged;
END

if [ -s "$tls/fullchain.pem" ] && [ -s "$tls/privkey.pem" ]; then
    say "certificate found, HTTPS on port 8443"
    cat >"$run/servers.conf" <<END
server {
    listen 8443 ssl http2 default_server;
    ssl_certificate $tls/fullchain.pem;
    ssl_certificate_key $tls/privkey.pem;
    include ikoe/tls.conf;
    include paths.conf;
    include ikoe/site.conf;
}
server {
    listen 8080 default_server;
    include paths.conf;
    location /.well-known/acme-challenge/ { root \$acme_root; }
    location / { return 301 https://\$host\$request_uri; }
}
END
else
    say "no certificate in $tls, plain HTTP on port 8080"
    cat >"$run/servers.conf" <<END
server {
    listen 8080 default_server;
    include paths.conf;
    include ikoe/site.conf;
}
END
fi

cat >"$run/nginx.conf" <<'END'
include /etc/nginx/modules-enabled/*.conf;
daemon off;
worker_processes auto;
worker_shutdown_timeout 25s;
pid /tmp/nginx/nginx.pid;
error_log /dev/stderr warn;
events { worker_connections 2048; }
http {
    include mime.types;
    default_type application/octet-stream;
    sendfile on;
    tcp_nopush on;
    client_body_temp_path /var/lib/nginx/body;
    proxy_temp_path /var/lib/nginx/proxy;
    fastcgi_temp_path /tmp/nginx/fastcgi;
    uwsgi_temp_path /tmp/nginx/uwsgi;
    scgi_temp_path /tmp/nginx/scgi;
    error_log /dev/stderr crit;
    include proxies.conf;
    include ikoe/http.conf;
    include upstream.conf;
    include servers.conf;
    server {
        listen 127.0.0.1:8081;
        access_log off;
        return 204;
    }
}
END

found=$(addresses) || true
while [ -z "$found" ]; do
    say "waiting for ${application%:*}"
    sleep 1
    found=$(addresses) || true
done
write_upstream "$found"
follow_upstream "$found" &
exec nginx -e /dev/stderr -c "$run/nginx.conf" "$@"

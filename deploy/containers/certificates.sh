#!/bin/sh
# Deploy hook of Certbot: brings a new certificate to nginx in its container. Runs on the host, as root.
set -eu
cd "$(dirname "$0")/../.."

directory=$(sed -n 's/^TLS_DIR=//p' .env)
[ -n "$directory" ] || directory=$(docker volume inspect "$(basename "$PWD")_certificates" --format '{{.Mountpoint}}')
for name in fullchain privkey; do
    # Under another name first: nginx must never find half a file.
    install -m 400 -o 10001 -g 10001 "$RENEWED_LINEAGE/$name.pem" "$directory/.$name.pem.new"
    mv "$directory/.$name.pem.new" "$directory/$name.pem"
done
# The container looks for certificates when it starts; connections that are open are served to their end.
docker compose restart nginx

#!/bin/sh
# An authority of its own and a certificate for each node of EventStoreDB (docs/ops/eventstoredb.md#certificates).
#
#   sh deploy/eventstore/certificates.sh <folder> <name of node 1> [<name of node 2> <name of node 3>]
#
# Writes <folder>/ca/ca.crt, <folder>/<name>/node.crt and node.key, and <folder>/ca.key. Move ca.key away from the servers: who
# has it can be a node. Run again it makes what is missing, with the same authority. A name is a DNS name or an IPv4 address.
set -eu
umask 077
folder=$1
shift
[ $# -gt 0 ] || { echo "usage: $0 <folder> <name of a node>..." >&2; exit 1; }
mkdir -p "$folder/ca"
days=${CERTIFICATE_DAYS:-825}
if [ ! -f "$folder/ca/ca.crt" ]; then
  openssl req -x509 -newkey rsa:2048 -nodes -days 3650 -subj '/CN=saga eventstore authority' \
    -keyout "$folder/ca.key" -out "$folder/ca/ca.crt" 2> /dev/null
fi
[ -f "$folder/ca.key" ] || { echo "$folder/ca.key is not there: bring it back for the time of this command" >&2; exit 1; }
for name in "$@"; do
  [ ! -f "$folder/$name/node.crt" ] || continue
  mkdir -p "$folder/$name"
  case $name in
    *[!0-9.]*) names="DNS:$name" ;;
    *) names="IP:$name" ;;
  esac
  # The same common name for all nodes: by it they know each other. Both uses: a node is a client of the others.
  printf 'subjectAltName=%s,DNS:localhost,IP:127.0.0.1\nextendedKeyUsage=serverAuth,clientAuth\n' "$names" > "$folder/$name/ext"
  openssl req -newkey rsa:2048 -nodes -subj /CN=eventstoredb-node \
    -keyout "$folder/$name/node.key" -out "$folder/$name/node.csr" 2> /dev/null
  openssl x509 -req -in "$folder/$name/node.csr" -CA "$folder/ca/ca.crt" -CAkey "$folder/ca.key" -CAcreateserial \
    -CAserial "$folder/ca.srl" -extfile "$folder/$name/ext" -days "$days" -out "$folder/$name/node.crt" 2> /dev/null
  rm "$folder/$name/node.csr" "$folder/$name/ext"
  echo "$folder/$name/node.crt: $(openssl x509 -in "$folder/$name/node.crt" -noout -enddate)"
done
chmod 0755 "$folder/ca"
chmod 0644 "$folder/ca/ca.crt"

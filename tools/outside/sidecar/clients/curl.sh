#!/bin/sh
# As in docs/sidecar.md: curl.sh TOKEN_URL SUBJECT_TOKEN CLIENT_ID CLIENT_SECRET
curl --silent --show-error --user "$3:$4" "$1" \
  --data-urlencode grant_type=urn:ietf:params:oauth:grant-type:token-exchange \
  --data-urlencode subject_token_type=urn:ietf:params:oauth:token-type:access_token \
  --data-urlencode subject_token="$2" \
  --data-urlencode resource=https://orders.example \
  --data-urlencode scope=orders:read

"""Exchanges a token with Authlib: authlib-client.py TOKEN_URL SUBJECT_TOKEN CLIENT_ID CLIENT_SECRET"""
import json
import os
import sys

os.environ["AUTHLIB_INSECURE_TRANSPORT"] = "1"

from authlib.integrations.requests_client import OAuth2Session

url, subject_token, client_id, client_secret = sys.argv[1:]
session = OAuth2Session(client_id, client_secret, token_endpoint_auth_method="client_secret_basic")
token = session.fetch_token(
    url,
    grant_type="urn:ietf:params:oauth:grant-type:token-exchange",
    subject_token=subject_token,
    subject_token_type="urn:ietf:params:oauth:token-type:access_token",
    resource="https://orders.example",
    scope="orders:read",
)
print(json.dumps(token))

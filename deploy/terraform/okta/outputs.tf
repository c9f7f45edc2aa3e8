output "issuer" {
  value       = okta_auth_server.delegation.issuer
  description = "Who issues delegated tokens: `issuer` of client and verifier."
}

output "client_id" {
  value       = okta_app_oauth.api_a.client_id
  description = "API A's client id: CLIENT_IDS of the hook."
}

output "hook_id" {
  value = okta_inline_hook.behalf.id
}

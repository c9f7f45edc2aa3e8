locals {
  # Another mark than that of behalf provision, which so leaves alone what Terraform keeps.
  mark   = "Made by Terraform for ${var.installation}"
  policy = "${var.installation} for ${var.app_label}"

  header_channel = {
    type    = "HTTP"
    version = "1.0.0"
    config = {
      uri        = var.hook_url
      method     = "POST"
      headers    = [{ key = "X-Made-By", value = local.mark }]
      authScheme = { type = "HEADER", key = var.hook_auth_header, value = var.hook_secret }
    }
  }

  oauth_channel = {
    type    = "OAUTH"
    version = "1.0.0"
    config = {
      uri       = var.hook_url
      method    = "POST"
      headers   = [{ key = "X-Made-By", value = local.mark }]
      authType  = "private_key_jwt"
      clientId  = var.hook_oauth == null ? null : var.hook_oauth.client_id
      tokenUrl  = var.hook_oauth == null ? null : var.hook_oauth.token_url
      scope     = var.hook_oauth == null ? null : var.hook_oauth.scope
      hookKeyId = var.hook_oauth == null ? null : var.hook_oauth.hook_key_id
    }
  }

  app_profile = { createdBy = local.mark }
}

# Plain tokens of this server are for nobody; never change the audience of a server that is in use.
resource "okta_auth_server" "delegation" {
  name        = var.server_name
  description = local.mark
  audiences   = [var.placeholder]
  issuer_mode = "ORG_URL"
}

resource "okta_auth_server_scope" "delegated" {
  for_each         = toset(var.scopes)
  auth_server_id   = okta_auth_server.delegation.id
  name             = each.value
  description      = local.mark
  consent          = "IMPLICIT"
  metadata_publish = "NO_CLIENTS"
}

resource "okta_app_oauth" "api_a" {
  label                      = var.app_label
  type                       = "service"
  grant_types                = ["client_credentials"]
  response_types             = ["token"]
  token_endpoint_auth_method = var.app_public_jwk == null ? "client_secret_basic" : "private_key_jwt"
  omit_secret                = true
  profile                    = jsonencode(local.app_profile)

  dynamic "jwks" {
    for_each = var.app_public_jwk == null ? [] : [var.app_public_jwk]
    content {
      kty = jwks.value["kty"]
      kid = jwks.value["kid"]
      n   = lookup(jwks.value, "n", null)
      e   = lookup(jwks.value, "e", null)
      x   = lookup(jwks.value, "x", null)
      y   = lookup(jwks.value, "y", null)
    }
  }
}

resource "okta_inline_hook" "behalf" {
  name         = var.installation
  type         = "com.okta.oauth2.tokens.transform"
  version      = "1.0.0"
  channel_json = var.hook_oauth == null ? jsonencode(local.header_channel) : jsonencode(local.oauth_channel)

  lifecycle {
    precondition {
      condition     = var.hook_secret != null || var.hook_oauth != null
      error_message = "Okta must authenticate to the hook: set hook_secret or hook_oauth."
    }
  }
}

# For API A's client alone: whatever else the org lets call a hook goes on as before.
resource "okta_auth_server_policy" "api_a" {
  auth_server_id   = okta_auth_server.delegation.id
  name             = local.policy
  description      = local.mark
  priority         = 1
  client_whitelist = [okta_app_oauth.api_a.client_id]
}

# For machines alone: a rule that serves sign-in, too, would let the hook deny every sign-in.
resource "okta_auth_server_policy_rule" "token_exchange" {
  auth_server_id                 = okta_auth_server.delegation.id
  policy_id                      = okta_auth_server_policy.api_a.id
  name                           = "Token exchange"
  priority                       = 1
  grant_type_whitelist           = ["client_credentials"]
  scope_whitelist                = var.scopes
  group_whitelist                = ["EVERYONE"]
  access_token_lifetime_minutes  = var.lifetime_minutes
  refresh_token_lifetime_minutes = 0
  refresh_token_window_minutes   = 10080
  inline_hook_id                 = okta_inline_hook.behalf.id
  depends_on                     = [okta_auth_server_scope.delegated]
}

variable "installation" {
  type        = string
  default     = "Behalf"
  description = "Names the hook, and what is made with it: it is part of every mark."
  validation {
    condition     = can(regex("^[ -~]+$", var.installation))
    error_message = "The name goes into a header: printable ASCII only."
  }
}

variable "hook_url" {
  type        = string
  description = "The https URL of the inline hook."
}

variable "hook_auth_header" {
  type        = string
  default     = "Authorization"
  description = "The header that carries hook_secret."
}

variable "hook_secret" {
  type        = string
  default     = null
  sensitive   = true
  description = "What Okta sends to the hook. It lands in the state as it is; with hook_oauth there is none."
}

variable "hook_oauth" {
  type = object({
    client_id   = string
    token_url   = string
    scope       = string
    hook_key_id = string
  })
  default     = null
  description = "Instead of a secret: Okta signs with one of its hook keys, and sends a token."
}

variable "server_name" {
  type        = string
  default     = "behalf"
  description = "The name of the authorization server that issues delegated tokens. It is made."
}

variable "placeholder" {
  type        = string
  default     = "https://undelegated.invalid"
  description = "Its audience, which no API accepts: the hook puts the API's own in its place. PLACEHOLDER of the hook."
}

variable "scopes" {
  type        = list(string)
  description = "The scopes that API A may ask for."
}

variable "app_label" {
  type        = string
  default     = "API A"
  description = "The name of the service app that presents assertions."
}

variable "app_public_jwk" {
  type        = map(string)
  default     = null
  description = "Its public key, for private_key_jwt. Without it the app has a secret, which Okta's Admin Console shows and the state does not hold."
}

variable "lifetime_minutes" {
  type        = number
  default     = 5
  description = "How long delegated tokens live, 5 to 1440."
}

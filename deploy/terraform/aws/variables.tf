variable "name" {
  type        = string
  default     = "behalf"
  description = "Names everything; several live side by side, and CloudWatch tells their metrics apart by it."
}

variable "zip" {
  type        = string
  description = "The packed hook: dist/behalf-lambda.zip, or what behalf package has written."
}

variable "issuer" {
  type        = string
  description = "The authorization server that issues the assertions."
}

variable "audience" {
  type        = string
  description = "The audience that assertions must be for: API A's."
}

variable "client_ids" {
  type        = string
  description = "The clients that may exchange assertions, separated by commas."
}

variable "resource" {
  type        = string
  default     = null
  description = "The audience that tokens are for: API B's. Without it they keep that of the authorization server, and stock verifiers take plain tokens, too."
}

variable "resource_verifier" {
  type        = string
  default     = "any"
  description = "behalf where API B has @behalf/verify."
}

variable "sealing_keys_arn" {
  type        = string
  default     = null
  description = "The secret, or the SSM parameter, that holds the private keys of sealed assertions. Under a customer-managed KMS key the function's role needs kms:Decrypt besides."
}

variable "sealing_required" {
  type        = string
  default     = "true"
  description = "false where bare assertions are taken, too."
}

variable "memory_size_mb" {
  type    = number
  default = 512
}

variable "reserved_concurrency" {
  type        = number
  default     = 100
  description = "How many requests may be served at once; beyond it Okta issues plain tokens. -1 reserves none."
}

variable "rate_limit" {
  type        = number
  default     = 200
  description = "Requests a second that API Gateway lets through; beyond it Okta issues plain tokens."
}

variable "log_retention_days" {
  type    = number
  default = 30
}

variable "silence_minutes" {
  type        = number
  default     = 60
  description = "After how long without a call of Okta's an alarm is raised, up to 1440."
}

variable "alarm_actions" {
  type        = list(string)
  default     = []
  description = "ARNs of who is told of alarms."
}

variable "secret_version" {
  type        = number
  default     = 1
  description = "A higher number makes a new secret; then register it at Okta."
}

variable "manage_api_gateway_log_role" {
  type        = bool
  default     = true
  description = "Sets the account's role for API Gateway logs, of which there is one in an account and region. false where it is set already."
}

output "hook_url" {
  value       = "${aws_api_gateway_stage.live.invoke_url}/inline-hook"
  description = "What is registered at Okta."
}

output "secret_arn" {
  value       = aws_secretsmanager_secret.hook.arn
  description = "Where the secret is that Okta must send."
}

output "function_name" {
  value = aws_lambda_function.hook.function_name
}

data "aws_partition" "current" {}

locals {
  environment = {
    ISSUER            = var.issuer
    AUDIENCE          = var.audience
    CLIENT_IDS        = var.client_ids
    HOOK_SECRET       = aws_secretsmanager_secret.hook.arn
    RESOURCE          = var.resource
    RESOURCE_VERIFIER = var.resource == null ? null : var.resource_verifier
    SEALING_KEYS      = var.sealing_keys_arn
    SEALING_REQUIRED  = var.sealing_keys_arn == null ? null : var.sealing_required
  }
  assumed_by_lambda = {
    Version   = "2012-10-17"
    Statement = [{ Action = "sts:AssumeRole", Effect = "Allow", Principal = { Service = "lambda.amazonaws.com" } }]
  }
  readable = var.sealing_keys_arn == null ? [aws_secretsmanager_secret.hook.arn] : [aws_secretsmanager_secret.hook.arn, var.sealing_keys_arn]
  reads = {
    Version = "2012-10-17"
    Statement = [
      { Action = ["xray:PutTraceSegments", "xray:PutTelemetryRecords"], Effect = "Allow", Resource = "*" },
      { Action = ["secretsmanager:GetSecretValue", "secretsmanager:DescribeSecret", "ssm:GetParameter"], Effect = "Allow", Resource = local.readable }
    ]
  }
}

resource "aws_secretsmanager_secret" "hook" {
  name_prefix = "${var.name}-hook-"
  description = "What Okta sends to the inline hook in the header Authorization"
}

ephemeral "random_password" "hook" {
  length  = 48
  special = false
}

resource "aws_secretsmanager_secret_version" "hook" {
  secret_id                = aws_secretsmanager_secret.hook.id
  secret_string_wo         = ephemeral.random_password.hook.result
  secret_string_wo_version = var.secret_version
}

resource "aws_iam_role" "function" {
  name_prefix        = "${var.name}-hook-"
  assume_role_policy = jsonencode(local.assumed_by_lambda)
}

resource "aws_iam_role_policy_attachment" "logs" {
  role       = aws_iam_role.function.name
  policy_arn = "arn:${data.aws_partition.current.partition}:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole"
}

resource "aws_iam_role_policy" "reads" {
  role   = aws_iam_role.function.id
  policy = jsonencode(local.reads)
}

resource "aws_cloudwatch_log_group" "function" {
  name              = "/behalf/${var.name}/function"
  retention_in_days = var.log_retention_days
}

resource "aws_lambda_function" "hook" {
  function_name = "${var.name}-hook"
  description   = "Okta token inline hook: on-behalf-of tokens"
  role          = aws_iam_role.function.arn
  runtime       = "nodejs24.x"
  architectures = ["arm64"]
  handler       = "index.handler"
  filename      = var.zip
  # Settings are of a version as code is: a change of either publishes one.
  source_code_hash               = filebase64sha256(var.zip)
  publish                        = true
  memory_size                    = var.memory_size_mb
  timeout                        = 3
  reserved_concurrent_executions = var.reserved_concurrency

  environment {
    variables = { for name, value in local.environment : name => value if value != null }
  }

  logging_config {
    log_format = "Text"
    log_group  = aws_cloudwatch_log_group.function.name
  }

  tracing_config {
    mode = "Active"
  }

  depends_on = [aws_iam_role_policy.reads, aws_secretsmanager_secret_version.hook]
}

# What API Gateway calls. Earlier versions stay, to go back to.
resource "aws_lambda_alias" "live" {
  name             = "live"
  function_name    = aws_lambda_function.hook.function_name
  function_version = aws_lambda_function.hook.version
}

locals {
  # A slip in the URL that Okta calls must not be answered with 403, which lets plain tokens through.
  posts = {
    hook      = aws_api_gateway_resource.hook.id
    root      = aws_api_gateway_rest_api.hook.root_resource_id
    any       = aws_api_gateway_resource.any.id
    wellknown = aws_api_gateway_resource.well_known.id
    jwks      = aws_api_gateway_resource.jwks.id
    events    = aws_api_gateway_resource.events.id
  }
  # Public keys, and the proof of its URL that Okta's event hook asks for.
  gets = {
    jwks   = aws_api_gateway_resource.jwks.id
    events = aws_api_gateway_resource.events.id
  }
  access_log_format = {
    time                 = "$context.requestTime"
    requestId            = "$context.requestId"
    method               = "$context.httpMethod"
    resource             = "$context.resourcePath"
    status               = "$context.status"
    latencyMs            = "$context.responseLatency"
    integrationLatencyMs = "$context.integrationLatency"
    sourceIp             = "$context.identity.sourceIp"
  }
  assumed_by_api_gateway = {
    Version   = "2012-10-17"
    Statement = [{ Action = "sts:AssumeRole", Effect = "Allow", Principal = { Service = "apigateway.amazonaws.com" } }]
  }
}

resource "aws_api_gateway_rest_api" "hook" {
  name        = "${var.name}-Hook"
  description = "Okta token inline hook"

  endpoint_configuration {
    types = ["REGIONAL"]
  }
}

resource "aws_api_gateway_resource" "hook" {
  rest_api_id = aws_api_gateway_rest_api.hook.id
  parent_id   = aws_api_gateway_rest_api.hook.root_resource_id
  path_part   = "inline-hook"
}

resource "aws_api_gateway_resource" "any" {
  rest_api_id = aws_api_gateway_rest_api.hook.id
  parent_id   = aws_api_gateway_rest_api.hook.root_resource_id
  path_part   = "{any+}"
}

resource "aws_api_gateway_resource" "well_known" {
  rest_api_id = aws_api_gateway_rest_api.hook.id
  parent_id   = aws_api_gateway_rest_api.hook.root_resource_id
  path_part   = ".well-known"
}

# Public keys that clients seal assertions for; the function answers 404 where it opens none.
resource "aws_api_gateway_resource" "jwks" {
  rest_api_id = aws_api_gateway_rest_api.hook.id
  parent_id   = aws_api_gateway_resource.well_known.id
  path_part   = "jwks.json"
}

# Okta's event hook; the function answers 405 where it takes in none.
resource "aws_api_gateway_resource" "events" {
  rest_api_id = aws_api_gateway_rest_api.hook.id
  parent_id   = aws_api_gateway_rest_api.hook.root_resource_id
  path_part   = "event-hook"
}

resource "aws_api_gateway_method" "post" {
  for_each      = local.posts
  rest_api_id   = aws_api_gateway_rest_api.hook.id
  resource_id   = each.value
  http_method   = "POST"
  authorization = "NONE"
}

resource "aws_api_gateway_integration" "post" {
  for_each                = local.posts
  rest_api_id             = aws_api_gateway_rest_api.hook.id
  resource_id             = each.value
  http_method             = aws_api_gateway_method.post[each.key].http_method
  type                    = "AWS_PROXY"
  integration_http_method = "POST"
  uri                     = aws_lambda_alias.live.invoke_arn
}

resource "aws_api_gateway_method" "get" {
  for_each      = local.gets
  rest_api_id   = aws_api_gateway_rest_api.hook.id
  resource_id   = each.value
  http_method   = "GET"
  authorization = "NONE"
}

resource "aws_api_gateway_integration" "get" {
  for_each                = local.gets
  rest_api_id             = aws_api_gateway_rest_api.hook.id
  resource_id             = each.value
  http_method             = aws_api_gateway_method.get[each.key].http_method
  type                    = "AWS_PROXY"
  integration_http_method = "POST"
  uri                     = aws_lambda_alias.live.invoke_arn
}

resource "aws_lambda_permission" "api" {
  action        = "lambda:InvokeFunction"
  function_name = aws_lambda_function.hook.function_name
  qualifier     = aws_lambda_alias.live.name
  principal     = "apigateway.amazonaws.com"
  source_arn    = "${aws_api_gateway_rest_api.hook.execution_arn}/${aws_api_gateway_stage.live.stage_name}/*"
}

resource "aws_cloudwatch_log_group" "access" {
  name              = "/behalf/${var.name}/access"
  retention_in_days = var.log_retention_days
}

resource "aws_api_gateway_deployment" "hook" {
  rest_api_id = aws_api_gateway_rest_api.hook.id
  description = "Okta token inline hook"
  triggers    = { api = sha1(jsonencode([local.posts, aws_api_gateway_integration.post, aws_api_gateway_integration.get])) }

  lifecycle {
    create_before_destroy = true
  }
}

resource "aws_api_gateway_stage" "live" {
  rest_api_id          = aws_api_gateway_rest_api.hook.id
  deployment_id        = aws_api_gateway_deployment.hook.id
  stage_name           = "live"
  xray_tracing_enabled = true

  # Without query strings, headers and bodies.
  access_log_settings {
    destination_arn = aws_cloudwatch_log_group.access.arn
    format          = jsonencode(local.access_log_format)
  }

  depends_on = [aws_api_gateway_account.logs]
}

resource "aws_api_gateway_method_settings" "all" {
  rest_api_id = aws_api_gateway_rest_api.hook.id
  stage_name  = aws_api_gateway_stage.live.stage_name
  method_path = "*/*"

  settings {
    throttling_rate_limit  = var.rate_limit
    throttling_burst_limit = var.rate_limit * 2
    metrics_enabled        = true
    # The execution log would hold bodies, and with them assertions.
    logging_level      = "OFF"
    data_trace_enabled = false
  }
}

resource "aws_iam_role" "api_gateway_logs" {
  count              = var.manage_api_gateway_log_role ? 1 : 0
  name_prefix        = "${var.name}-api-logs-"
  assume_role_policy = jsonencode(local.assumed_by_api_gateway)
}

resource "aws_iam_role_policy_attachment" "api_gateway_logs" {
  count      = var.manage_api_gateway_log_role ? 1 : 0
  role       = aws_iam_role.api_gateway_logs[0].name
  policy_arn = "arn:${data.aws_partition.current.partition}:iam::aws:policy/service-role/AmazonAPIGatewayPushToCloudWatchLogs"
}

resource "aws_api_gateway_account" "logs" {
  count               = var.manage_api_gateway_log_role ? 1 : 0
  cloudwatch_role_arn = aws_iam_role.api_gateway_logs[0].arn
}

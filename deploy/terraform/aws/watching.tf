locals {
  namespace = "Behalf/${var.name}"

  # What is counted in the logs: the names and patterns of the CDK construct, so that dashboards fit both.
  counted = {
    Permitted = { log = aws_cloudwatch_log_group.function.name, pattern = "{ $.decision = \"permit\" }" }
    Denied = { log = aws_cloudwatch_log_group.function.name, pattern = "{ $.decision = \"deny\" }" }
    Authenticated = { log = aws_cloudwatch_log_group.function.name, pattern = "{ ($.decision = \"*\") && ($.step != \"arrival\") && ($.step != \"authenticate\") }" }
    Refused = { log = aws_cloudwatch_log_group.function.name, pattern = "{ ($.code = \"caller_unauthenticated\") && ($.detail != \"*is missing\") }" }
    KeysUnavailable = { log = aws_cloudwatch_log_group.function.name, pattern = "{ $.code = \"keys_unavailable\" }" }
    InternalError = { log = aws_cloudwatch_log_group.function.name, pattern = "{ $.code = \"internal_error\" }" }
    GatewayThrottled = { log = aws_cloudwatch_log_group.access.name, pattern = "{ $.status = \"429\" }" }
  }

  function_dimensions = { FunctionName = aws_lambda_function.hook.function_name }
  api_dimensions      = { ApiName = aws_api_gateway_rest_api.hook.name }
  defaults = {
    statistic  = "Sum"
    percentile = null
    threshold  = 0
    comparison = "GreaterThanThreshold"
    periods    = 1
    missing    = "notBreaching"
    dimensions = {}
  }

  alarms = {
    Errors = {
      metric      = "Errors"
      namespace   = "AWS/Lambda"
      dimensions  = local.function_dimensions
      description = "The hook crashed or timed out. Okta issues plain tokens meanwhile; API B refuses them."
    }
    Throttles = {
      metric      = "Throttles"
      namespace   = "AWS/Lambda"
      dimensions  = local.function_dimensions
      description = "Lambda refused requests: raise the reserved concurrency. Okta issues plain tokens meanwhile; API B refuses them."
    }
    ServerErrors = {
      metric      = "5XXError"
      namespace   = "AWS/ApiGateway"
      dimensions  = local.api_dimensions
      description = "API Gateway answered 5xx. Okta issues plain tokens meanwhile; API B refuses them."
    }
    GatewayThrottled = {
      metric      = "Hook/Decisions/GatewayThrottled"
      namespace   = local.namespace
      description = "API Gateway refused requests: raise its limits, or keep others out. Okta issues plain tokens meanwhile; API B refuses them."
    }
    Latency = {
      metric      = "Duration"
      namespace   = "AWS/Lambda"
      dimensions  = local.function_dimensions
      statistic   = null
      percentile  = "p99"
      threshold   = 1000
      description = "The slowest hundredth of the answers takes over 1 s; Okta waits 3 s."
    }
    Silence = {
      metric      = "Hook/Decisions/Authenticated"
      namespace   = local.namespace
      threshold   = 1
      comparison  = "LessThanThreshold"
      periods     = var.silence_minutes
      missing     = "breaching"
      description = "Okta has not called: is the hook still attached, and its URL right? Okta issues plain tokens meanwhile; API B refuses them."
    }
    KeysUnavailable = {
      metric      = "Hook/Decisions/KeysUnavailable"
      namespace   = local.namespace
      description = "An issuer's keys cannot be obtained; exchanges are denied."
    }
    InternalError = {
      metric      = "Hook/Decisions/InternalError"
      namespace   = local.namespace
      description = "The hook fails, or its configuration was refused: the log says why. Exchanges are denied."
    }
  }
}

resource "aws_cloudwatch_log_metric_filter" "counted" {
  for_each       = local.counted
  name           = "${var.name}-${each.key}"
  log_group_name = each.value.log
  pattern        = each.value.pattern

  metric_transformation {
    name          = "Hook/Decisions/${each.key}"
    namespace     = local.namespace
    value         = "1"
    default_value = "0"
  }
}

resource "aws_cloudwatch_metric_alarm" "hook" {
  for_each            = local.alarms
  alarm_name          = "${var.name}-${each.key}"
  alarm_description   = each.value.description
  namespace           = each.value.namespace
  metric_name         = each.value.metric
  dimensions          = try(each.value.dimensions, local.defaults.dimensions)
  statistic           = try(each.value.statistic, local.defaults.statistic)
  extended_statistic  = try(each.value.percentile, local.defaults.percentile)
  threshold           = try(each.value.threshold, local.defaults.threshold)
  comparison_operator = try(each.value.comparison, local.defaults.comparison)
  evaluation_periods  = try(each.value.periods, local.defaults.periods)
  treat_missing_data  = try(each.value.missing, local.defaults.missing)
  period              = 60
  alarm_actions       = var.alarm_actions
}

# Calls with a wrong secret alone are somebody's who tries; with no right one beside them it is a rotation on one side.
resource "aws_cloudwatch_metric_alarm" "calls_refused" {
  alarm_name          = "${var.name}-CallsRefused"
  alarm_description   = "Calls with a wrong secret come, and none with the right one; was it rotated on one side only? Exchanges are denied."
  threshold           = 0
  comparison_operator = "GreaterThanThreshold"
  evaluation_periods  = 3
  treat_missing_data  = "notBreaching"
  alarm_actions       = var.alarm_actions

  metric_query {
    id          = "expr_1"
    expression  = "IF(FILL(refused, 0) > 0 AND FILL(authenticated, 0) < 1, 1, 0)"
    label       = "refused"
    return_data = true
  }

  metric_query {
    id = "refused"
    metric {
      metric_name = "Hook/Decisions/Refused"
      namespace   = local.namespace
      period      = 300
      stat        = "Sum"
    }
  }

  metric_query {
    id = "authenticated"
    metric {
      metric_name = "Hook/Decisions/Authenticated"
      namespace   = local.namespace
      period      = 300
      stat        = "Sum"
    }
  }
}

/**
 * Says whether an ARN names one method and path of one API and nothing else. Its path is as the caller has written it,
 * and IAM takes `*` and `?` in it for any text and `${…}` for a variable; without a region, an account, an API, a
 * stage or a method it is nobody's. The path may be empty: that is the API's root.
 *
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-control-access-using-iam-policies-to-invoke-api.html
 */
export function namesOneMethod(arn: unknown): arn is string {
  return (
    typeof arn === 'string' &&
    /^arn:[^:]+:execute-api:[^:]+:[^:]+:[^/:]+\/[^/]+\/[^/]+(?:\/.*)?$/s.test(arn) &&
    !/[*?]|\$\{/.test(arn)
  )
}

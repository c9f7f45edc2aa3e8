/** An event of each kind that AWS hands a function for an HTTP request, as AWS documents them. */
export type EventKind =
  | 'REST API'
  | 'HTTP API 1.0'
  | 'HTTP API 2.0'
  | 'function URL'
  | 'ALB'
  | 'ALB, multi-value'

const plain = {
  accept: 'application/json',
  'content-type': 'application/json',
  'user-agent': 'Okta-Integrations',
}
const capital = {
  Accept: 'application/json',
  'Content-Type': 'application/json',
  'User-Agent': 'Okta-Integrations',
}
const lists = (headers: Readonly<Record<string, string>>): Record<string, string[]> =>
  Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, [value]]))

/** The request of each kind, with the body encoded where that kind of gateway encodes it. */
export function eventOf(kind: EventKind, secret: string, body: string): object {
  const encoded = { body: Buffer.from(body).toString('base64'), isBase64Encoded: true }
  const text = { body, isBase64Encoded: false }
  const one = {
    resource: '/inline-hook',
    path: '/inline-hook',
    httpMethod: 'POST',
    queryStringParameters: null,
    multiValueQueryStringParameters: null,
    pathParameters: null,
    stageVariables: null,
  }
  const two = {
    version: '2.0',
    rawPath: '/inline-hook',
    rawQueryString: '',
    requestContext: {
      accountId: '123456789012',
      http: { method: 'POST', path: '/inline-hook', protocol: 'HTTP/1.1', sourceIp: '203.0.113.200' },
      requestId: 'JKJaXmPLvHcESHA=',
      timeEpoch: Date.now(),
    },
  }
  switch (kind) {
    case 'REST API':
    case 'HTTP API 1.0': {
      const headers =
        kind === 'REST API' ? { ...capital, Authorization: secret } : { ...plain, authorization: secret }
      const requestContext = { httpMethod: 'POST', stage: 'live', requestTimeEpoch: Date.now() }
      const version = kind === 'REST API' ? {} : { version: '1.0' }
      return { ...version, ...one, headers, multiValueHeaders: lists(headers), requestContext, ...text }
    }
    case 'HTTP API 2.0':
      return { ...two, routeKey: 'POST /inline-hook', headers: { ...plain, authorization: secret }, ...text }
    case 'function URL':
      return { ...two, routeKey: '$default', headers: { ...plain, authorization: secret }, ...encoded }
    case 'ALB':
    case 'ALB, multi-value': {
      const headers = { ...plain, authorization: secret, 'x-forwarded-proto': 'https' }
      const elb = {
        targetGroupArn: 'arn:aws:elasticloadbalancing:eu-central-1:123456789012:targetgroup/hook/49e9',
      }
      return {
        requestContext: { elb },
        httpMethod: 'POST',
        path: '/inline-hook',
        ...(kind === 'ALB'
          ? { queryStringParameters: {}, headers }
          : { multiValueQueryStringParameters: {}, multiValueHeaders: lists(headers) }),
        ...text,
      }
    }
  }
}

/** The body of a hook request as Okta sends it for a `client_credentials` request. */
export function hookBody(assertion: string, clientId = '0oaApiA'): string {
  return JSON.stringify({
    source: 'https://example.okta.com/oauth2/aus1a2b3c4d5e6f7g8h9/v1/token',
    eventId: '3vW0KmqTRB2uMf9qvYkz6w',
    eventTime: '2026-11-01T00:00:00.000Z',
    eventTypeVersion: '1.0',
    cloudEventVersion: '0.1',
    contentType: 'application/json',
    eventType: 'com.okta.oauth2.tokens.transform',
    data: {
      context: {
        request: {
          id: 'Zr4mV9xPqTnK2wLs7yBdGf',
          method: 'POST',
          url: {
            value: `https://example.okta.com/oauth2/aus1a2b3c4d5e6f7g8h9/v1/token?assertion=${assertion}`,
          },
          ipAddress: '203.0.113.7',
        },
        protocol: {
          type: 'OAUTH2.0',
          request: { client_id: clientId, grant_type: 'client_credentials', scope: 'orders:read' },
          issuer: { uri: 'https://example.okta.com/oauth2/aus1a2b3c4d5e6f7g8h9' },
          client: { id: clientId, name: 'API A', type: 'CONFIDENTIAL' },
        },
        policy: { id: '00p1policy', rule: { id: '0pr1rule' } },
      },
      access: {
        claims: {
          ver: 1,
          jti: 'AT.machine-token',
          iss: 'https://example.okta.com/oauth2/aus1a2b3c4d5e6f7g8h9',
          aud: 'api://b',
          cid: clientId,
          sub: clientId,
          scp: ['orders:read'],
        },
        token: { lifetime: { expiration: 3600 } },
        scopes: { 'orders:read': { id: 'orders:read', action: 'GRANT' } },
      },
    },
  })
}

/** The event that API Gateway's REST proxy makes of a hook request. */
export function restEvent(body: string, secret: string): object {
  const headers = {
    Accept: 'application/json',
    Authorization: secret,
    'Content-Type': 'application/json',
    Host: 'abcdefghij.execute-api.eu-central-1.amazonaws.com',
    'User-Agent': 'Okta-Integrations',
    'X-Amzn-Trace-Id': 'Root=1-67891233-abcdef012345678912345678',
    'X-Forwarded-For': '203.0.113.200',
    'X-Forwarded-Port': '443',
    'X-Forwarded-Proto': 'https',
  }
  return {
    resource: '/inline-hook',
    path: '/inline-hook',
    httpMethod: 'POST',
    headers,
    multiValueHeaders: Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, [value]])),
    queryStringParameters: null,
    multiValueQueryStringParameters: null,
    pathParameters: null,
    stageVariables: null,
    requestContext: {
      resourceId: 'abc123',
      resourcePath: '/inline-hook',
      httpMethod: 'POST',
      path: '/live/inline-hook',
      accountId: '123456789012',
      protocol: 'HTTP/1.1',
      stage: 'live',
      requestId: 'c6af9ac6-7b61-11e6-9a41-93e8deadbeef',
      identity: { sourceIp: '203.0.113.200', userAgent: 'Okta-Integrations' },
      apiId: 'abcdefghij',
    },
    body,
    isBase64Encoded: false,
  }
}

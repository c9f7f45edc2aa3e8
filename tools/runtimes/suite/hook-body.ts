/** The body of a hook request as Okta sends it for a `client_credentials` request. */
export function hookBody(assertion: string, clientName = 'API A'): string {
  return JSON.stringify({
    eventTypeVersion: '1.0',
    eventType: 'com.okta.oauth2.tokens.transform',
    data: {
      context: {
        request: {
          id: 'request-1',
          method: 'POST',
          url: {
            value: `https://example.okta.com/oauth2/default/v1/token?assertion=${encodeURIComponent(assertion)}`,
          },
          ipAddress: '203.0.113.7',
        },
        protocol: {
          type: 'OAUTH2.0',
          request: { client_id: '0oaApiA', grant_type: 'client_credentials', scope: 'orders:read' },
          client: { id: '0oaApiA', name: clientName, type: 'CONFIDENTIAL' },
        },
      },
      access: {
        claims: {
          iss: 'https://example.okta.com/oauth2/default',
          aud: 'api://b',
          cid: '0oaApiA',
          sub: '0oaApiA',
          scp: ['orders:read'],
        },
        token: { lifetime: { expiration: 86_400 } },
        scopes: { 'orders:read': { id: 'orders:read', action: 'GRANT' } },
      },
    },
  })
}

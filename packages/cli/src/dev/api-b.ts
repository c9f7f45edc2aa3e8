import { createVerifier } from '@behalf/verify'
import { type Service, startService } from './server.ts'

/** What API B tells about itself. */
export interface ApiBOptions {
  readonly issuer: string
  readonly audience: string
  /** Without which it gives nothing. */
  readonly scope: string
  /** Hears the code of each refusal, and which rule was broken when the code does not say. */
  readonly onRefusal: (why: string) => void
  /** Hears which token was taken, by its `jti`. */
  readonly onAccess: (tokenId: unknown) => void
  readonly onFault: (error: unknown) => void
}

/** Starts API B: it has orders, and gives a user's to whoever acts for that user. */
export function startApiB({
  issuer,
  audience,
  scope,
  onRefusal,
  onAccess,
  onFault,
}: ApiBOptions): Promise<Service> {
  const verifier = createVerifier({
    issuer,
    audience,
    requiredScopes: [scope],
    onRefusal: ({ code, detail }) => onRefusal(detail === undefined ? code : `${code} (${detail})`),
  })
  return startService(
    0,
    async ({ method = 'GET', headers }, url) => {
      const granted = await verifier.authorize({
        method,
        url: url.pathname,
        header: (name) => {
          const value = headers[name]
          return typeof value === 'string' ? [value] : (value ?? [])
        },
      })
      if (!granted.ok) {
        const { status, headers: challenge, error } = granted.refusal
        return { status, headers: challenge, body: { error: error.code } }
      }
      const { subject, actors, scopes, claims } = granted.access
      onAccess(claims['jti'])
      return {
        status: 200,
        body: {
          orders: [{ id: 1, item: 'a lamp' }],
          of: subject,
          actors: actors.map(({ sub }) => sub),
          scopes,
        },
      }
    },
    onFault,
  )
}

import type { Access } from '../../access/access.ts'

/** What the integration finds in `requestContext.authorizer`; API Gateway takes no nested values. */
export type AuthorizerContext = Readonly<Record<string, string | number>>

/** An answer as an IAM policy. */
export interface PolicyResponse {
  readonly principalId: string
  readonly policyDocument: {
    readonly Version: '2012-10-17'
    readonly Statement: {
      readonly Action: 'execute-api:Invoke'
      readonly Effect: 'Allow' | 'Deny'
      readonly Resource: string
    }[]
  }
  readonly context: AuthorizerContext
}

/** An answer in the simple format of HTTP APIs. */
export interface SimpleResponse {
  readonly isAuthorized: boolean
  readonly context: AuthorizerContext
}

/** Says what the integration is told of an access. */
export function describeAccess(access: Access): AuthorizerContext {
  const common = { kind: access.kind, scopes: access.scopes.join(' '), expiresAt: access.expiresAt }
  if (access.kind === 'machine') return { ...common, client: access.client }
  const { subject, user } = access
  const whose = { ...common, subject, userIssuer: user.issuer, userSubject: user.subject }
  return access.kind === 'user'
    ? { ...whose, client: access.client }
    : {
        ...whose,
        actor: access.actor.sub,
        actors: JSON.stringify(access.actors.map(({ sub }) => sub)),
      }
}

/** Returns an IAM policy about one method and path. */
export function policy(
  effect: 'Allow' | 'Deny',
  resource: string,
  principalId: string,
  context: AuthorizerContext,
): PolicyResponse {
  const statement = { Action: 'execute-api:Invoke', Effect: effect, Resource: resource } as const
  return { principalId, policyDocument: { Version: '2012-10-17', Statement: [statement] }, context }
}

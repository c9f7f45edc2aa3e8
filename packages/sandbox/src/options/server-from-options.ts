import { type AuthorizationServer, createAuthorizationServer } from '../org/authorization-server.ts'
import type { CustomClaim } from '../org/custom-claim.ts'
import type { Dated } from '../org/dated.ts'
import { createIdentifier } from '../org/identifier.ts'
import { createScope } from '../org/scope.ts'
import { SigningKeys } from '../org/signing-keys.ts'
import { createPolicy } from './policy-document.ts'
import type { AuthorizationServerOptions, ClaimOptions, PolicyOptions } from './sandbox-options.ts'

/** Builds an authorization server; `machineHook` is for its rules of machines that name no hook. */
export async function createServer(
  options: AuthorizationServerOptions,
  url: string,
  dated: Dated,
  machineHook: string | undefined,
): Promise<AuthorizationServer> {
  const {
    id,
    name = id,
    audience = `api://${id}`,
    scopes = [],
    accessTokenClaims = [],
    claims = [],
  } = options
  const { resourceParameters = 'ignored', policies = defaultPolicies, signingKey, trustedServers } = options
  const own = scopes.map((scope) => (typeof scope === 'string' ? { name: scope } : scope))
  return createAuthorizationServer(url, {
    id,
    name,
    description: name,
    audience,
    ...dated,
    // Its keys change when they are told to, not with time.
    rotationMode: 'MANUAL',
    scopes: own.map((scope) => createScope({ id: createIdentifier('scp'), ...scope })),
    claims: [...accessTokenClaims.map(attributeClaim), ...claims].map(createClaim),
    policies: policies.map((policy) => createPolicy(policy, dated, machineHook)),
    resourceParameters,
    ...(trustedServers === undefined ? {} : { trustedServers }),
    keys: await SigningKeys.create(signingKey),
  })
}

const defaultPolicies: readonly PolicyOptions[] = [
  {
    name: 'Default policy',
    rules: [
      { name: 'People', grantTypes: ['authorization_code'] },
      { name: 'Machines', grantTypes: ['client_credentials'] },
    ],
  },
]

function attributeClaim(name: string): ClaimOptions {
  return name === 'groups' ? { name, groups: '.*' } : { name, expression: `user.${name}` }
}

function createClaim({
  name,
  token = 'access',
  scopes = [],
  expression = '',
  groups,
}: ClaimOptions): CustomClaim {
  return {
    id: createIdentifier('ocl'),
    name,
    status: 'ACTIVE',
    claimType: token === 'access' ? 'RESOURCE' : 'IDENTITY',
    ...(groups === undefined
      ? { valueType: 'EXPRESSION', value: expression }
      : { valueType: 'GROUPS', value: groups, groupFilter: 'REGEX' }),
    scopes,
    alwaysIncludeInToken: true,
  }
}

/** What a new project is about. */
export interface ProjectFacts {
  /** The authorization server that issues the assertions. */
  readonly issuer: string
  /** What API A calls itself: the audience of the assertions. */
  readonly audience: string
  /** The client id of API A. */
  readonly clientId: string
  /** What API B calls itself: the audience of the delegated tokens. */
  readonly resource: string
  /** The scopes that API A may ask for; any when empty. */
  readonly scopes: readonly string[]
}

/** Returns the files of a new project: name and content. */
export function projectFiles(facts: ProjectFacts): Readonly<Record<string, string>> {
  return {
    'behalf.config.ts': configFile(facts),
    'behalf.policy.ts': policyFile,
    'behalf.policy.test.mjs': policyTest(facts),
  }
}

function configFile({ issuer, audience, clientId, resource, scopes }: ProjectFacts): string {
  const scopesMember = scopes.length === 0 ? '' : `, scopes: [${scopes.map(literal).join(', ')}]`
  return `import { defineConfig } from '@behalf/hook'
import { sealed } from '@behalf/hook/sealing'
import { policy } from './behalf.policy.ts'

// \`behalf dev\` sets these variables to those of its sandbox.
const { ISSUER = ${literal(issuer)}, AUDIENCE = ${literal(audience)}, CLIENT_IDS = ${literal(clientId)} } = process.env
const { RESOURCE = ${literal(resource)}, HOOK_SECRET, HOOK_SECRET_PREVIOUS, SEALING_KEYS } = process.env

export default defineConfig({
  // What the hook is registered with at Okta, and while it is being changed what it was registered with before.
  authenticate: {
    header: 'Authorization',
    secrets: HOOK_SECRET_PREVIOUS === undefined ? [HOOK_SECRET] : [HOOK_SECRET, HOOK_SECRET_PREVIOUS],
  },
  // The private keys, as JSON, that opens what API A seals users' tokens for: the URL that they travel in is kept by Okta's log
  // and by traces. \`npx behalf keys seal\` makes one, and the hook publishes its public half at /.well-known/jwks.json.
  sealing: sealed({ keys: SEALING_KEYS }),
  // Whose access tokens can be exchanged: the server that users sign in at.
  issuers: [{ issuer: ISSUER, audiences: [AUDIENCE] }],
  // Who may exchange them, and for which scopes; several ids are separated by commas.
  clients: Object.fromEntries(
    CLIENT_IDS.split(',').map((id) => [id.trim(), { audiences: [AUDIENCE], resources: [RESOURCE]${scopesMember} }]),
  ),
  // What delegated tokens are for: API B, whose verifier is @behalf/verify. The server that issues them needs the audience
  // https://undelegated.invalid, which no API accepts, so that a plain token opens nothing while the hook is down.
  resources: { [RESOURCE]: { verifier: 'behalf' } },
  // What API B reads of the user's token; who the user is goes without saying.
  claims: { include: ['groups'] },
  policy,
})
`
}

const policyFile = `import type { PolicyFunction } from '@behalf/hook'

/**
 * Whether a client may act for a user. It is asked last, about what has been verified already. An exception or
 * an answer that comes too late is a denial.
 */
export const policy: PolicyFunction = ({ actors }) => {
  // API A may act for a user, and API B after it; no chain is longer.
  if (actors.length > 2) return { decision: 'forbid', reason: 'too many services act in a row' }
  return { decision: 'permit' }
}
`

/** JavaScript, so that a Node that reads no TypeScript finds the test and says so, instead of running none. */
function policyTest({ issuer, audience, clientId, resource, scopes }: ProjectFacts): string {
  return `// @ts-check
import assert from 'node:assert/strict'
import { test } from 'node:test'

if (!process.features.typescript)
  throw new Error(\`behalf.policy.ts needs Node 22.18 or later (of 23, 23.6), and this is Node \${process.versions.node}\`)
const { policy } = await import('./behalf.policy.ts')

/**
 * @param {...string} actors
 * @returns {import('@behalf/hook').Delegation}
 */
function delegation(...actors) {
  return {
    client: { id: actors[0] ?? ${literal(clientId)} },
    subject: { issuer: ${literal(issuer)}, id: 'alice@example.com', claims: { aud: ${literal(audience)} } },
    resource: { audience: ${literal(resource)} },
    scopes: [${scopes.map(literal).join(', ')}],
    actors: actors.map((sub) => ({ sub })),
    request: { timeMs: Date.now() },
  }
}

const { signal } = new AbortController()

test('a service may act for a user', async () => {
  assert.equal((await policy(delegation(${literal(clientId)}), signal)).decision, 'permit')
})

test('a third service in a row may not', async () => {
  assert.equal((await policy(delegation('0oaApiC', '0oaApiB', ${literal(clientId)}), signal)).decision, 'forbid')
})
`
}

/** A string as TypeScript spells it. */
function literal(text: string): string {
  const escaped = JSON.stringify(text).slice(1, -1).replaceAll('\\"', '"').replaceAll("'", "\\'")
  return `'${escaped}'`
}

import { ConfigError, configFromEnvironment, createHook } from '@behalf/hook'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { fuzz, fuzzTimeoutMs, objects, values } from './fuzz.ts'

const good = {
  authenticate: { header: 'X-Key', secrets: ['hook-secret-0123456789', 'former-secret-0123456789'] },
  issuers: [
    {
      issuer: 'https://a.example',
      audiences: ['api://a'],
      jwksUri: 'https://a.example/keys',
      algorithms: ['RS256'],
      clockToleranceSeconds: 60,
    },
  ],
  clients: { '0oaApiA': { audiences: ['api://a'], issuers: ['https://a.example'], scopes: ['x'] } },
  policy: undefined,
  claims: { include: ['email'], exclude: ['x'], rename: { email: 'mail' }, maxBytes: 4_096 },
  missingAssertion: 'deny',
  otherEvents: 'unchanged',
  limits: { deadlineMs: 2_000, policyTimeoutMs: 800, maxActorDepth: 4 },
  keys: { maxAgeMs: 600_000, staleForMs: 0 },
}

/** Changes one place of a value, however deep. */
function changed(value: unknown, path: readonly number[], replacement: unknown): unknown {
  const [first, ...rest] = path
  if (first === undefined || typeof value !== 'object' || value === null) return replacement
  const members = Object.entries(value)
  const chosen = members[first % Math.max(1, members.length)]
  if (chosen === undefined) return replacement
  const [name, member] = chosen
  const next = changed(member, rest, replacement)
  if (Array.isArray(value)) return value.map((item, index) => (String(index) === name ? next : item))
  return { ...value, [name]: next }
}

const almost = fc
  .tuple(fc.array(fc.nat({ max: 10 }), { minLength: 1, maxLength: 4 }), values)
  .map(([path, replacement]) => changed(good, path, replacement))

function load(make: () => unknown): void {
  try {
    make()
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error
    expect(error.faults.length).toBeGreaterThan(0)
    for (const { path, problem } of error.faults) {
      expect(path).not.toBe('')
      expect(problem).toMatch(/^(must|is|has|keeps) /)
    }
  }
}

test('a configuration is loaded, or refused with its faults', { timeout: fuzzTimeoutMs }, () =>
  fuzz(
    'configuration',
    fc.property(fc.oneof(almost, objects, values, fc.anything()), (config) => {
      load(() => Reflect.apply(createHook, undefined, [config]))
    }),
  ),
)

test('an environment is read, or refused with its faults', { timeout: fuzzTimeoutMs }, () => {
  const text = fc.option(
    fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.constantFrom(
        'https://a.example',
        'http://localhost',
        'api://a',
        'a,b',
        ',',
        ' ',
        'constructor',
        '__proto__',
      ),
    ),
    { nil: undefined },
  )
  const environment = fc.record({
    ISSUER: text,
    AUDIENCE: text,
    HOOK_SECRET: text,
    HOOK_AUTH_HEADER: text,
    CLIENT_IDS: text,
  })
  return fuzz(
    'environment',
    fc.property(environment, (variables) => {
      load(() => {
        // What the environment yields has no faults left to find.
        createHook(configFromEnvironment(variables))
      })
    }),
  )
})

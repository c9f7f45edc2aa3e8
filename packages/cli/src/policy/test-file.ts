import { dirname, resolve } from 'node:path'
import type { Needs } from '@behalf/core'
import { readNeeds } from '@behalf/core/internal'
import { ConfigError, type DecisionPoint, type Delegation } from '@behalf/hook'
import * as v from 'valibot'
import { parseDocument } from 'yaml'
import { readNamedFile } from '../files/read-file.ts'
import { CommandError } from '../terminal/command.ts'

const texts = v.array(v.string('must be text'), 'must be a list of texts')
const claims = v.record(v.string(), v.any(), 'must be claims by name')

const question = v.strictObject({
  user: v.optional(
    v.union(
      [
        v.string(),
        v.strictObject({
          id: v.optional(v.string()),
          issuer: v.optional(v.string()),
          claims: v.optional(claims),
        }),
      ],
      'must be the sub of a user, or { id, issuer, claims }',
    ),
  ),
  client: v.optional(v.string('must be a client id')),
  api: v.optional(v.string('must be an audience')),
  scopes: v.optional(texts),
  chain: v.optional(texts),
  agents: v.optional(texts),
  ip: v.optional(v.string('must be an address')),
  at: v.optional(
    v.pipe(
      v.string('must be a time, e.g. 2026-11-24T09:30:00Z'),
      v.check((text) => !Number.isNaN(Date.parse(text)), 'must be a time, e.g. 2026-11-24T09:30:00Z'),
    ),
  ),
})

const testFile = v.strictObject({
  policy: v.optional(
    v.strictObject({
      policies: v.optional(v.union([v.string(), texts], 'must be a path or a list of paths')),
      entities: v.exactOptional(v.string('must be a path')),
      groupsClaim: v.exactOptional(v.string('must be the name of a claim')),
      requiredClaims: v.exactOptional(texts),
      issuerNames: v.exactOptional(
        v.record(v.string(), v.string('must be text'), 'must be short names by issuer'),
      ),
      timeZone: v.exactOptional(v.string('must be the name of a time zone')),
    }),
  ),
  defaults: v.optional(question, {}),
  cases: v.pipe(
    v.array(
      v.strictObject({
        ...question.entries,
        name: v.string('must be text'),
        expect: v.picklist(['permit', 'forbid'], "must be 'permit' or 'forbid'"),
        by: v.optional(v.union([v.string(), texts], 'must be the id of a policy, or a list of them')),
        reason: v.optional(v.string('must be text')),
        blames: v.optional(texts),
        needs: v.optional(
          v.pipe(
            v.unknown(),
            v.check(
              (value) => readNeeds(value) !== undefined,
              'must be what a policy can need: { acrValues, maxAgeSeconds, scopes }',
            ),
            v.transform(readNeeds),
          ),
        ),
      }),
      'must be a list of cases',
    ),
    v.minLength(1, 'must hold at least one case'),
  ),
})

type Question = v.InferOutput<typeof question>

/** One question and the answer that is expected. */
export interface PolicyCase {
  readonly file: string
  readonly name: string
  readonly delegation: Delegation
  readonly expected: 'permit' | 'forbid'
  /** Ids of the policies that are to decide. */
  readonly by?: readonly string[] | undefined
  readonly reason?: string | undefined
  readonly blames?: readonly string[] | undefined
  readonly needs?: Needs | undefined
}

/** The cases of one file and the policy that it names, if it names one. */
export interface PolicyTestFile {
  readonly cases: readonly PolicyCase[]
  readonly policy?: DecisionPoint | undefined
  /** The files and folders that its outcome depends on. */
  readonly files: readonly string[]
}

/**
 * Reads a file of test cases. Paths in it are relative to it.
 *
 * @param policies - whether the policy that it names may be faulty
 * @throws CommandError when the file cannot be read or says something else than cases
 * @throws ConfigError when the policy that it names is faulty
 */
export async function readTestFile(
  file: string,
  nowMs: number,
  policies: 'checked' | 'unchecked' = 'checked',
): Promise<PolicyTestFile> {
  const checked = v.safeParse(testFile, parseYaml(await readNamedFile(file), file))
  if (!checked.success) {
    const faults = checked.issues.map(
      (issue) => `${v.getDotPath(issue) ?? 'the file'}: ${describeProblem(issue)}`,
    )
    throw new CommandError(`${file} is no file of policy tests:`, faults)
  }
  const { policy, defaults, cases } = checked.output
  const point = policy === undefined ? undefined : await openPolicy(policy, dirname(file))
  const faults = [...(point?.faults ?? []), ...(point?.misfits?.() ?? [])]
  if (policies === 'checked' && faults.length > 0) throw new ConfigError(faults)
  return {
    policy: point,
    files: [file, ...(point?.files ?? [])],
    cases: cases.map(({ name, expect, by, reason, blames, needs, ...asked }) => ({
      file,
      name,
      delegation: describeDelegation(
        { ...defaults, ...asked, user: mergeUsers(defaults.user, asked.user) },
        nowMs,
      ),
      expected: expect,
      by: by === undefined ? undefined : [by].flat(),
      reason,
      blames,
      needs,
    })),
  }
}

/** The library's own words for an object's members are those of a type checker. */
function describeProblem({ type, expected, input, message }: v.BaseIssue<unknown>): string {
  if (type !== 'strict_object') return message
  if (expected === 'never') return 'is not a known setting'
  return input === undefined ? 'is missing' : 'must be an object'
}

function parseYaml(text: string, file: string): unknown {
  const document = parseDocument(text)
  const [fault] = document.errors
  if (fault !== undefined) throw new CommandError(`${file} is not YAML: ${fault.message.split('\n', 1)[0]}`)
  return document.toJS()
}

async function openPolicy(options: NonNullable<v.InferOutput<typeof testFile>['policy']>, folder: string) {
  // Loaded only now, because it brings a WebAssembly module that no other command needs.
  const { cedar } = await import('@behalf/hook/cedar')
  const { entities, ...others } = options
  return cedar({
    ...others,
    policies: [options.policies ?? []].flat().map((path) => resolve(folder, path)),
    ...(entities === undefined ? {} : { entities: resolve(folder, entities) }),
  })
}

/** The claims of a case come on top of the claims that all cases have. */
function mergeUsers(general: Question['user'], special: Question['user']): Question['user'] {
  const [one, other] = [general, special].map((user) =>
    typeof user === 'string' ? { id: user } : (user ?? {}),
  )
  return { ...one, ...other, claims: { ...one?.claims, ...other?.claims } }
}

/** Fills in what a case leaves open, as an access token of Okta would have it. */
function describeDelegation(
  { user, client = '0oaApiA', chain = [], agents = [], ...rest }: Question,
  nowMs: number,
): Delegation {
  const {
    id = 'ann@example.com',
    issuer = 'https://example.okta.com/oauth2/default',
    claims = {},
  } = typeof user === 'string' ? { id: user } : (user ?? {})
  const timeMs = rest.at === undefined ? nowMs : Date.parse(rest.at)
  const seconds = Math.floor(timeMs / 1000)
  return {
    client: { id: client },
    subject: {
      issuer,
      id,
      claims: { iss: issuer, sub: id, iat: seconds, exp: seconds + 3600, auth_time: seconds, ...claims },
    },
    resource: { audience: rest.api ?? 'api://b' },
    scopes: rest.scopes ?? [],
    actors: [client, ...chain].map((sub) =>
      agents.includes(sub) ? { sub, sub_profile: 'ai_agent' } : { sub },
    ),
    request: { ipAddress: rest.ip, timeMs },
  }
}

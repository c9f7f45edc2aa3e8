import type { Result } from '@behalf/core'
import { fail, pass } from '@behalf/core/internal'
import * as v from 'valibot'
import { ConfigError, type ConfigFault } from '../errors/config-error.ts'
import { closedObject, describeIssues } from '../errors/schema-faults.ts'
import type { PolicyFunction } from '../policy/decision.ts'
import { asDecisionPoint, isPolicy, type Policy } from '../policy/decision-point.ts'
import { isSealing, type Sealing } from '../sealing/sealing.ts'
import { authenticate } from './authenticate.ts'
import { claims, findCoveredIdentities } from './claims.ts'
import { clients, findOpenBindings, findSelfDelegation, findStrayBindings } from './clients.ts'
import type { BehalfConfig } from './config.ts'
import { findInsecureUrls } from './insecure-urls.ts'
import { findRepeatedIssuers, issuers } from './issuers.ts'
import { keys } from './keys.ts'
import { limits } from './limits.ts'
import type { ResolvedConfig } from './resolved-config.ts'
import { defaultPlaceholder, findOpenResources, resources } from './resources.ts'
import { findUnstatedOrgs, revocation } from './revocation.ts'
import { relation, type SectionSchema } from './section.ts'
import { findMeetingUsers } from './users.ts'
import { hostNames, name, oneOf } from './values.ts'
import { verifiedTokensOrNone } from './verified-tokens.ts'

const sections = closedObject({
  authenticate,
  issuers,
  clients,
  resources: v.optional(resources),
  placeholder: v.optional(name, defaultPlaceholder),
  boundAssertions: oneOf('deny', 'allow'),
  policy: v.optional(
    v.custom<Policy>(isPolicy, 'must be a function or a decision point, e.g. cedar() or authzen()'),
  ),
  sealing: v.optional(v.custom<Sealing>(isSealing, 'must be sealed() of @behalf/hook/sealing')),
  revocation: v.optional(revocation),
  subject: oneOf('assertion', 'keep'),
  claims: v.optional(claims, {}),
  missingAssertion: oneOf('deny', 'unchanged'),
  otherEvents: oneOf('deny', 'unchanged'),
  limits: v.optional(limits, {}),
  keys: v.optional(keys, {}),
  verifiedTokens: verifiedTokensOrNone,
  insecureHosts: v.optional(hostNames, []),
})
type Sections = v.InferOutput<typeof sections>

/** What the whole configuration must be: its sections, and how they fit each other. */
export const config: SectionSchema<BehalfConfig, ResolvedConfig> = v.pipe(
  sections,
  relation<Sections, 'issuers'>(['issuers'], findRepeatedIssuers),
  relation<Sections, 'issuers'>(['issuers'], findMeetingUsers),
  relation<Sections, 'issuers' | 'clients' | 'resources'>(
    ['issuers', 'clients', 'resources'],
    findStrayBindings,
  ),
  relation<Sections, 'issuers' | 'clients' | 'resources'>(
    ['issuers', 'clients', 'resources'],
    findOpenBindings,
  ),
  relation<Sections, 'issuers' | 'clients' | 'resources'>(
    ['issuers', 'clients', 'resources'],
    findSelfDelegation,
  ),
  relation<Sections, 'issuers' | 'resources' | 'placeholder'>(
    ['issuers', 'resources', 'placeholder'],
    findOpenResources,
  ),
  relation<Sections, 'claims' | 'issuers'>(['claims', 'issuers'], findCoveredIdentities),
  relation<Sections, 'subject' | 'resources'>(['subject', 'resources'], findKeptSubject),
  relation<Sections, 'policy'>(['policy'], findPolicyFaults),
  relation<Sections, 'sealing'>(['sealing'], ({ sealing }) => sealing?.faults ?? []),
  relation<Sections, 'revocation'>(['revocation'], ({ revocation }) => revocation?.events?.faults ?? []),
  relation<Sections, 'revocation' | 'issuers'>(['revocation', 'issuers'], findUnstatedOrgs),
  relation<Sections, 'policy' | 'issuers'>(['policy', 'issuers'], findMisfits),
  v.transform(({ authenticate: authentication, policy, ...others }) => {
    const point = policy === undefined ? undefined : asDecisionPoint(policy)
    const decide: PolicyFunction | undefined =
      point && ((delegation, signal) => point.decide(delegation, signal))
    return { ...others, authentication, policy: decide }
  }),
)

/** A token that names the user in `assertion` alone would be taken for the client's own by any other verifier. */
function findKeptSubject({
  subject,
  resources,
}: Pick<Sections, 'subject' | 'resources'>): readonly ConfigFault[] {
  return subject === 'keep' && resources !== undefined
    ? [{ path: 'subject', problem: "must be 'assertion' beside resources, whose verifiers look at sub" }]
    : []
}

function findPolicyFaults({ policy }: { readonly policy?: Policy | undefined }): readonly ConfigFault[] {
  return policy === undefined ? [] : asDecisionPoint(policy).faults
}

function findMisfits({ policy, issuers }: Pick<Sections, 'policy' | 'issuers'>): readonly ConfigFault[] {
  if (policy === undefined) return []
  return asDecisionPoint(policy).misfits?.(issuers.map(({ issuer }) => issuer)) ?? []
}

/**
 * Checks a configuration and fills in its defaults.
 *
 * @param input - a {@link BehalfConfig}, or whatever a file exported in its place
 * @throws ConfigError that lists every fault
 */
export function resolveConfig(input: unknown): ResolvedConfig {
  const parsed = parse(input)
  if (parsed.ok) return parsed.value
  throw new ConfigError(parsed.fault)
}

/** Finds every fault of a configuration. */
export function findConfigFaults(input: unknown): readonly ConfigFault[] {
  const parsed = parse(input)
  return parsed.ok ? [] : parsed.fault
}

function parse(input: unknown): Result<ResolvedConfig, readonly ConfigFault[]> {
  const parsed = v.safeParse(config, input)
  const faults = [...describeIssues(parsed.issues ?? []), ...findInsecureUrls(input)]
  return parsed.success && faults.length === 0 ? pass(parsed.output) : fail(faults)
}

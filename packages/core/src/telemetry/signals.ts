/** What an attribute says; `values` where there is a fixed set of them. */
export interface AttributeRow {
  readonly about: string
  readonly values?: readonly string[]
}

/** Every attribute there is. None holds a token, a subject, a URL or any part of one. */
export const attributes = {
  'behalf.decision': { about: 'how the hook decided', values: ['permit', 'deny', 'unchanged'] },
  'behalf.code': { about: 'why it was denied or refused, or failed: a code of docs/reference/errors.md' },
  'behalf.step': { about: "the pipeline's step, as decision records name it" },
  'behalf.outcome': {
    about: 'how it ended',
    values: ['ok', 'failed', 'continued', 'denied', 'unchanged', 'accepted', 'refused'],
  },
  'behalf.refused_by': {
    about: 'who refused an exchange, as `ExchangeError.refusedBy` says',
    values: ['client', 'hook', 'server'],
  },
  'behalf.token.kind': {
    about: 'what kind of token was accepted',
    values: ['delegated', 'user', 'machine', 'okta-token-exchange', 'okta-agent'],
  },
  'behalf.source': {
    about: 'where a delegated token came from: memory, the shared store, what another call had begun, Okta',
    values: ['memory', 'store', 'joined', 'server'],
  },
  'behalf.state': {
    about: 'how it is doing',
    values: ['ready', 'stale', 'missing', 'idle', 'unready', 'refusing'],
  },
  'behalf.endpoint': { about: 'the endpoint of the sidecar', values: ['token', 'verify'] },
  'http.response.status_code': { about: 'the status that was answered' },
  'behalf.client.id': { about: "the client's id at Okta, once Okta or the configuration has named it" },
  'behalf.decision.id': { about: 'the id of the decision, as in records and in `ExchangeError.decisionId`' },
  'behalf.sighting': {
    about: 'what `behalf watch` saw',
    values: ['failed_call', 'plain_token', 'rule_without_hook'],
  },
  'okta.request.id': { about: "Okta's id of the token request, as in its System Log" },
  'behalf.version': { about: 'the version of Behalf' },
  'behalf.configuration': { about: 'the digest of the configuration, as `/healthz` and records have it' },
} as const

/** The name of an attribute. */
export type AttributeName = keyof typeof attributes

/** Something that takes time: a span, and the histogram `<name>.duration` in seconds. */
export interface OperationRow {
  readonly about: string
  /** The span's kind. */
  readonly kind: 'server' | 'client' | 'internal'
  /** On span and histogram. */
  readonly attributes: readonly AttributeName[]
  /** On the span alone, because they have too many values for a histogram. */
  readonly details: readonly AttributeName[]
  /** The attribute whose value the span's name ends with. */
  readonly titledBy?: AttributeName
}

/** Every operation. */
export const operations = {
  'behalf.hook.exchange': {
    about: 'one call of the hook, from its arrival to the answer',
    kind: 'server',
    attributes: ['behalf.decision', 'behalf.code'],
    details: ['okta.request.id', 'behalf.decision.id', 'behalf.client.id'],
  },
  'behalf.hook.step': {
    about:
      'one step of it; `policy`, `introspection` and `revocation` are the time that a policy, an issuer or a store takes, where there is one',
    kind: 'internal',
    attributes: ['behalf.step', 'behalf.outcome'],
    details: ['behalf.code'],
    titledBy: 'behalf.step',
  },
  'behalf.keys.fetch': {
    about:
      "one fetch of keys: an issuer's, with its metadata where they must be found first, or those that a client seals for",
    kind: 'client',
    attributes: ['behalf.outcome'],
    details: [],
  },
  'behalf.client.exchange': {
    about: 'one exchange at the token endpoint, with all its attempts; tokens out of a cache have none',
    kind: 'client',
    attributes: ['behalf.outcome', 'behalf.code', 'behalf.refused_by'],
    details: ['okta.request.id', 'behalf.decision.id', 'behalf.client.id'],
  },
  'behalf.verify.token': {
    about:
      'one verification of a token or of the token of a request; `token_undelegated` is fail-open at work',
    kind: 'internal',
    attributes: ['behalf.outcome', 'behalf.code', 'behalf.token.kind'],
    details: [],
  },
  'behalf.sidecar.request': {
    about: 'one request to the sidecar, from its arrival to the answer',
    kind: 'server',
    attributes: ['behalf.endpoint', 'http.response.status_code'],
    details: [],
    titledBy: 'behalf.endpoint',
  },
  'behalf.watch.look': {
    about: "one look of `behalf watch` at Okta's System Log",
    kind: 'client',
    attributes: ['behalf.outcome'],
    details: [],
  },
} as const

/** The name of an operation. */
export type OperationName = keyof typeof operations

/** Something that is counted, and looked at when metrics are collected. */
export interface QuantityRow {
  readonly about: string
  /** A `counter` only grows; a `level` goes up and down. Those of several parties are added up. */
  readonly kind: 'counter' | 'level'
  readonly unit: string
  readonly attributes: readonly AttributeName[]
}

/** Every quantity. */
export const quantities = {
  'behalf.hook.info': {
    about: '1 for each hook: what runs where',
    kind: 'level',
    unit: '{hook}',
    attributes: ['behalf.version', 'behalf.configuration'],
  },
  'behalf.hook.hooks': {
    about:
      'hooks by what they can do: `ready` with keys and secrets, `unready` without, `refusing` after a faulty configuration',
    kind: 'level',
    unit: '{hook}',
    attributes: ['behalf.state'],
  },
  'behalf.hook.exchanges.active': {
    about: 'calls that are under way; with `limits.maxConcurrentRequests` the next one is `overloaded`',
    kind: 'level',
    unit: '{exchange}',
    attributes: [],
  },
  'behalf.keys.issuers': {
    about:
      'issuers by how their keys are doing: `ready`, `stale` when the last fetch failed and former keys serve, `missing` when there are none, `idle` before any were asked for',
    kind: 'level',
    unit: '{issuer}',
    attributes: ['behalf.state'],
  },
  'behalf.client.tokens': {
    about: 'delegated tokens that were asked for, by where they came from; `server` costs a token request',
    kind: 'counter',
    unit: '{token}',
    attributes: ['behalf.source', 'behalf.client.id'],
  },
  'behalf.client.cache.tokens': {
    about: 'delegated tokens in memory',
    kind: 'level',
    unit: '{token}',
    attributes: ['behalf.client.id'],
  },
  'behalf.watch.sightings': {
    about:
      "what `behalf watch` saw in Okta's System Log: each is a plain token, or a rule that issues nothing else",
    kind: 'counter',
    unit: '{sighting}',
    attributes: ['behalf.sighting'],
  },
} as const

/** The name of a quantity. */
export type QuantityName = keyof typeof quantities

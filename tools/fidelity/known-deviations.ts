/** A difference that has to stay, and why. */
export interface KnownDeviation {
  /** What the checks print about it. */
  readonly printed: RegExp
  readonly reason: string
}

/** What cannot hold: the recordings of Okta's orgs contradict each other, or Okta's own schemas. */
export const knownDeviations: readonly KnownDeviation[] = [
  {
    printed: /universalLogout/,
    reason: 'null in 18 recorded answers of early 2026, an object in 30 later ones; the later form is taken',
  },
  {
    printed: /participate_slo/,
    reason: 'left out by the one production org that was recorded, given by the preview orgs',
  },
  {
    printed: /(^|→ |\.)(\[\]\.)?default(: boolean)?( |$)/,
    reason: 'given since 2022, not in 2020 and 2021; no schema knows it',
  },
  {
    printed: /resourceServerCredentialsKeys/,
    reason: 'in one recording of May 2026 only',
  },
  {
    printed: /scopes → \[\]\.(displayName|consent|optional|apiResourceId|description)/,
    reason: 'standard scopes have these since 2022, not in the recordings of 2020',
  },
  {
    printed: /GET \/api\/v1\/authorizationServers → .*(nextRotation|rotationMode)/,
    reason: 'the keys of seeded servers change when they are told to',
  },
  {
    printed: /^\/(\d+\/)?(accessibility|settings)\/.* must be string$/,
    reason: 'null in every recorded answer about apps; the schema says string',
  },
  {
    printed:
      /^(\[\]\.)?(settings\.(app|manualProvisioning)|_links\.(uploadLogo|profileEnrollment|policies|clientCredentials|keys))$/,
    reason: 'in every recorded answer; no schema knows it',
  },
  { printed: /^(\[\]\.)?apiResourceId$/, reason: 'in every recorded answer since 2022; no schema knows it' },
  { printed: /^\[\]\.device$/, reason: 'real log events have it; no schema knows it' },
]

export const revoke = {
  name: 'revoke',
  summary: 'stop a user now: tokens that were issued until a moment count no longer',
  about: [
    'Moves the cut-off of a user in the store that the configuration names (revocation.store), where hook, verifiers and sidecars that share it see it with the next request. It only ever moves later, and cannot be taken back; the user signs in again. A store in memory is that of one process, so without a shared one the command fails.',
  ],
  options: {
    user: {
      kind: 'name',
      value: 'LOGIN|UID',
      text: "the user, by Okta's id (00u…) or by login, which the org is asked about; for other issuers by what identifies users for good",
      required: true,
    },
    since: {
      kind: 'time',
      text: 'the cut-off, in ISO 8601: what was issued until then counts no longer',
      otherwise: 'now',
    },
    org: {
      kind: 'name',
      value: 'ORG',
      text: 'whose user it is, as issuers state it; needed when the configuration has several',
    },
    config: {
      kind: 'file',
      text: 'the configuration',
      otherwise: 'behalf.config.ts in this folder',
    },
  },
  variables: ['okta'],
  notes: ['OKTA_… are read for a login alone. What it ends, and what not: docs/revocation.md.'],
  examples: [
    'behalf revoke --user 00u1a2b3c4d5e6f7g8h9',
    'behalf revoke --user ann@example.com --since 2026-11-24T09:30:00Z',
  ],
} as const

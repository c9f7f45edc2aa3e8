import type { Attack, Category, DelegatedClaims } from '../attack.ts'
import { titles } from '../build.ts'
import { firstClaims, ownToken, presentedInChain, protectedExchange, throughout } from '../build-protected.ts'
import { assertionForge } from '../forge.ts'
import { vendors } from '../setup.ts'

const title = titles('T37')
const ours = 'ann@example.com'
const theirs = `partner|${ours}`

const subjectIs =
  (sub: string) =>
  (delegated: DelegatedClaims): string | undefined =>
    delegated.sub === sub ? undefined : 'sub is another user\u2019s'

const atTheHook: readonly Attack[] = [
  protectedExchange(
    title('ours', 'a user of the issuer whose subjects stay as they are'),
    ownToken(),
    'permit',
    {
      inspect: subjectIs(ours),
    },
  ),
  protectedExchange(
    title('namesake at a partner', 'the partner\u2019s user of the same name'),
    (world) => assertionForge(world, world.partner).sign(),
    'permit',
    { inspect: subjectIs(theirs) },
  ),
  ...['', ' ', '|', '|partner|'].map((after, index) =>
    protectedExchange(
      title(`login like a partner\u2019s user ${index}`, `sub: partner|${after}${ours}`),
      ownToken(() => ({ sub: `partner|${after}${ours}` })),
      'assertion_subject_missing',
    ),
  ),
  protectedExchange(
    title('partner\u2019s user with the prefix already', 'is mapped once more, and is nobody else'),
    (world) => assertionForge(world, world.partner).sign({ sub: theirs }),
    'permit',
    { inspect: subjectIs(`partner|${theirs}`) },
  ),
  ...vendors.map((vendor) =>
    protectedExchange(
      title(`token of okta\u2019s shape from ${vendor}`, 'proves no user in another dialect'),
      (world) => assertionForge(world, world.vendor(vendor)).sign(),
      'assertion_type_unsupported',
    ),
  ),
]

/** What a delegated token may say of its user; the issuers are those that `assertionIssuers` names. */
const inChains: readonly Attack[] = [
  throughout(title('ours in a chain'), () => ({}), 'permit', 'accept', { inspect: subjectIs(ours) }),
  throughout(
    title('partner\u2019s in a chain'),
    (world) => ({ sub: theirs, assertion: firstClaims(world, { iss: world.partner.issuer }) }),
    'permit',
    'accept',
    { inspect: subjectIs(theirs) },
  ),
  throughout(
    title('partner\u2019s without its prefix', 'sub is ours, the assertion is the partner\u2019s'),
    (world) => ({ assertion: firstClaims(world, { iss: world.partner.issuer }) }),
    'assertion_type_unsupported',
    'subject_mismatch',
  ),
  throughout(
    title('ours with the partner\u2019s prefix', 'sub is the partner\u2019s, the assertion is ours'),
    () => ({ sub: theirs }),
    'assertion_type_unsupported',
    'subject_mismatch',
  ),
  throughout(
    title(
      'our login with the partner\u2019s prefix',
      'sub and assertion agree, and could be the partner\u2019s',
    ),
    (world) => ({ sub: theirs, assertion: firstClaims(world, { sub: theirs }) }),
    'assertion_type_unsupported',
    'subject_mismatch',
  ),
  throughout(
    title('prefix twice'),
    (world) => ({ sub: `partner|${theirs}`, assertion: firstClaims(world, { iss: world.partner.issuer }) }),
    'assertion_type_unsupported',
    'subject_mismatch',
  ),
  presentedInChain(
    title('of an issuer that api b does not name'),
    (world) => ({ assertion: firstClaims(world, { iss: world.mixed.issuer }) }),
    'token_invalid',
  ),
]

/** One name at two issuers is two users, always. */
export const twoIssuers: Category = { name: 'two issuers', attacks: [...atTheHook, ...inChains] }

import type { LooseObject } from '../../signing-key.ts'
import type { Attack, Category } from '../attack.ts'
import { forged, titles } from '../build.ts'
import type { Forge } from '../forge.ts'

const title = titles('T3')

/** What a header can say of a key; the trap counts whoever follows it. */
const headers: Readonly<Record<string, (forge: Forge) => LooseObject>> = {
  jwk: ({ world }) => ({ jwk: world.keys.foreign.jwk }),
  'jwk and its kid': ({ world }) => ({ jwk: { ...world.keys.foreign.jwk, kid: 'mine' }, kid: 'mine' }),
  'private jwk': ({ world }) => ({ jwk: world.keys.foreign.privateKey.export({ format: 'jwk' }) }),
  'symmetric jwk': () => ({ jwk: { kty: 'oct', k: 'c2VjcmV0' } }),
  'jwk as text': ({ world }) => ({ jwk: JSON.stringify(world.keys.foreign.jwk) }),
  jku: ({ world }) => ({ jku: `${world.trapUrl}/keys` }),
  'jku and its kid': ({ world }) => ({ jku: `${world.trapUrl}/keys`, kid: 'mine' }),
  'jku behind user information': ({ world, issuer }) => ({
    jku: world.trapUrl.replace('://', `://${new URL(issuer.issuer).host}@`),
  }),
  'jku that begins like the issuer': ({ world, issuer }) => ({
    jku: `${issuer.issuer}/v1/keys/../../../../${world.trapUrl}`,
  }),
  'jku of the metadata service': () => ({ jku: 'http://169.254.169.254/latest/meta-data/' }),
  'jku of a file': () => ({ jku: 'file:///etc/passwd' }),
  'jku with data': () => ({ jku: 'data:application/json,{"keys":[]}' }),
  x5u: ({ world }) => ({ x5u: `${world.trapUrl}/certificate` }),
  x5c: ({ world }) => ({
    x5c: [world.keys.foreign.publicKey.export({ type: 'spki', format: 'der' }).toString('base64')],
  }),
  'x5c of garbage': () => ({ x5c: ['AAAA', 7, null] }),
  x5t: () => ({ x5t: 'AAAA', 'x5t#S256': 'AAAA' }),
  'url and iss': ({ world }) => ({ url: world.trapUrl, iss: world.trapUrl }),
  'all of them': ({ world }) => ({
    jwk: world.keys.foreign.jwk,
    jku: world.trapUrl,
    x5u: world.trapUrl,
    x5c: ['AAAA'],
  }),
}

const byTheAttacker: readonly Attack[] = Object.entries(headers).map(([name, header]) =>
  forged(
    title(`foreign key with ${name}`, `signed by the attacker, the header has ${name}`),
    (forge) => forge.sign({}, header(forge), forge.world.keys.foreign),
    name.includes('its kid') ? 'assertion_key_unknown' : 'assertion_signature_invalid',
  ),
)

const byTheIssuer: readonly Attack[] = Object.entries(headers).map(([name, header]) =>
  forged(
    title(`right key with ${name}`, `signed by the issuer, the header has ${name}, which nobody follows`),
    (forge) => forge.sign({}, { ...header(forge), kid: 'key-1' }),
    'permit',
  ),
)

/** Keys and addresses of keys in the header: ignored, never fetched; the issuer's key decides. */
export const embeddedKey: Category = { name: 'embedded key', attacks: [...byTheAttacker, ...byTheIssuer] }

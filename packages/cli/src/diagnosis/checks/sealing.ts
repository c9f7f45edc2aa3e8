import type { Json } from '@behalf/core'
import { fetchJson, findSealingKey, hasPrivateMember, isJsonObject } from '@behalf/core/internal'
import { type Check, type Finding, failure, ok, skipped, warning } from '../finding.ts'
import { probeHook } from '../hook-probe.ts'
import type { Installation } from '../installation.ts'

const timeoutMs = 10_000
const maxBytes = 262_144
const risk =
  "users' tokens stand in URLs as they are, and so in Okta's log, in those of proxies and in traces"

/** Users' tokens travel sealed: the hook publishes a key that clients can seal for, and takes nothing else. */
export const checkSealing: Check = async (installation) => {
  const { hook, client } = installation
  const { seal } = client ?? {}
  const given = seal !== undefined && 'jwksUri' in seal ? seal.jwksUri : undefined
  // Beside the hook, whatever path a gateway has put before both.
  const jwksUri = given ?? (hook.url && new URL('.well-known/jwks.json', hook.url).href)
  return [
    ...(jwksUri === undefined ? [] : [await checkKeys(jwksUri, given !== undefined, installation)]),
    ...(hook.url === undefined ? [] : [await checkBare(hook.url, installation)]),
  ]
}

async function checkKeys(jwksUri: string, isGiven: boolean, { fetch }: Installation): Promise<Finding> {
  const check = 'keys to seal for'
  const signal = AbortSignal.timeout(timeoutMs)
  const answer = await fetchJson(jwksUri, { fetch, signal, maxBytes })
  if (!answer.ok) {
    const { detail, remedy = 'check the URL and the way to it' } = answer.fault
    return isGiven
      ? failure(check, `the key set of SEAL_JWKS_URI ${detail}, so API A can exchange nothing`, remedy)
      : warning(
          check,
          `${jwksUri} ${detail}: without sealing ${risk}`,
          'make a pair with behalf keys seal, or set SEAL_JWKS_URI where the keys are elsewhere: docs/sealing.md',
        )
  }
  if (keysIn(answer.value).some(hasPrivateMember))
    return failure(
      check,
      'a private half is published: everybody can open every seal that was made for it',
      'publish public halves only, make another pair with behalf keys seal, and destroy this one',
    )
  const key = findSealingKey(answer.value)
  return key === undefined
    ? failure(
        check,
        'none is a usable key of use enc on P-256, so clients can seal for none',
        'let the hook publish its keys itself, or make a pair with behalf keys seal',
      )
    : ok(check, `clients seal for ${key.kid}`)
}

function keysIn(set: Json): readonly object[] {
  const keys = isJsonObject(set) ? set['keys'] : undefined
  return Array.isArray(keys) ? keys.filter(isJsonObject) : []
}

/** No token of anybody's: what does not seal is to be refused before it is looked at. */
const noToken = 'behalf.doctor.bare'

async function checkBare(url: string, installation: Installation): Promise<Finding> {
  const check = 'hook and bare tokens'
  const { header, secret } = installation.hook
  if (secret === undefined)
    return skipped(check, 'the secret is not known here', 'set HOOK_SECRET to see whether it takes them')
  const probe = await probeHook(url, { [header]: secret }, installation, noToken)
  if (probe.kind === 'none') return skipped(check, 'no answer came', 'see above')
  if (probe.code === 'seal_required') return ok(check, 'denied: it takes sealed ones only')
  if (probe.code === undefined || !/^assertion_/.test(probe.code))
    return skipped(check, 'its answer does not show whether it takes them', 'see above')
  return warning(
    check,
    `it takes them: ${risk}`,
    'configure sealing; where it is, set required (SEALING_REQUIRED) once every client seals: docs/sealing.md',
  )
}

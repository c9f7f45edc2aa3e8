import type { JsonObject } from '@behalf/core'
import { importVerificationKey, isJsonObject, parseStrictJson, readText } from '@behalf/core/internal'
import { type Unreachable, whyUnreachable } from '../../okta/unreachable.ts'
import { type Check, type Finding, failure, ok, skipped, warning } from '../finding.ts'
import type { Installation } from '../installation.ts'

const timeoutMs = 10_000
const maxBytes = 262_144
const maxJsonDepth = 32
/** What verification tolerates, and what is no more than the granularity of HTTP dates and the way there. */
const clockLimits = { failureSeconds: 60, warningSeconds: 5 }

/** The issuer's metadata names it exactly, its keys are usable, and its clock agrees with this machine's. */
export const checkIssuer: Check = async (installation) => {
  const { issuer, clock } = installation
  if (issuer === undefined) return [skipped('issuer', 'no issuer was given', 'give --issuer')]
  const found = await getDocument(`${issuer}/.well-known/oauth-authorization-server`, installation)
  if ('code' in found)
    return [
      failure(
        'issuer metadata',
        `it cannot be read: ${found.code}`,
        `${found.remedy}; check the issuer, too`,
      ),
    ]
  const { document, date } = found
  if (document['issuer'] !== issuer)
    return [
      failure(
        'issuer metadata',
        'it names another issuer',
        'spell the issuer as the metadata does, character by character',
      ),
    ]
  return [
    ok('issuer metadata', 'it names the issuer'),
    await checkKeys(document['jwks_uri'], installation),
    checkClock(date, clock.now()),
  ]
}

async function checkKeys(jwksUri: JsonObject[string], installation: Installation): Promise<Finding> {
  const check = 'issuer keys'
  if (typeof jwksUri !== 'string')
    return failure(check, 'the metadata names no jwks_uri', 'check that the server is active')
  if (URL.parse(jwksUri)?.origin !== URL.parse(installation.issuer ?? '')?.origin)
    return failure(
      check,
      'jwks_uri is on another origin, which is not trusted',
      'configure jwksUri in hook and verifier',
    )
  const found = await getDocument(jwksUri, installation)
  if ('code' in found) return failure(check, `they cannot be read: ${found.code}`, found.remedy)
  const { keys } = found.document
  if (!Array.isArray(keys)) return failure(check, 'they are no key set', 'check that the server is active')
  const usable = keys.filter((key) => importVerificationKey(key) !== undefined).length
  return usable === 0
    ? failure(
        check,
        `none of ${keys.length} is a usable signature key`,
        'let the server sign with RS256 keys of 2048 bits or more',
      )
    : ok(check, `${usable} usable`)
}

function checkClock(date: string | null, nowMs: number): Finding {
  const check = 'clock'
  const serverMs = Date.parse(date ?? '')
  if (Number.isNaN(serverMs)) return skipped(check, 'the issuer sends no date', 'compare the clocks by hand')
  const apart = Math.round(Math.abs(serverMs - nowMs) / 1000)
  const detail = `${apart} s apart from the issuer's`
  const remedy = 'synchronise the clock of this machine, and those of the hook and the APIs (NTP)'
  if (apart > clockLimits.failureSeconds) return failure(check, detail, remedy)
  return apart > clockLimits.warningSeconds ? warning(check, detail, remedy) : ok(check, detail)
}

/** A document and when it was sent, or why there is none. */
async function getDocument(
  url: string,
  { fetch }: Installation,
): Promise<{ document: JsonObject; date: string | null } | Unreachable> {
  try {
    const response = await fetch(url, { redirect: 'manual', signal: AbortSignal.timeout(timeoutMs) })
    const parsed = parseStrictJson((await readText(response, maxBytes)) ?? '', maxJsonDepth)
    if (response.status !== 200)
      return { code: `it answers ${response.status}`, remedy: 'check that the server exists and is active' }
    if (!parsed.ok || !isJsonObject(parsed.value))
      return { code: 'it answers with no JSON', remedy: 'look for a proxy or another server in its place' }
    return { document: parsed.value, date: response.headers.get('date') }
  } catch (error) {
    return whyUnreachable(error)
  }
}

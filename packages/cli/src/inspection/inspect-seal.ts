import { type Clock, type ErrorCode, errorTable, type JsonObject } from '@behalf/core'
import { defaultClockToleranceSeconds, isNumericDate, sealedAssertion } from '@behalf/core/internal'
import { openSeal } from '../sealing/open-seal.ts'
import { type SealKeys, unusedSealKeys } from '../sealing/seal-keys.ts'
import type { Flaw } from './flaws.ts'

/** What a sealed assertion says, and what is wrong with it. The assertion in it is for whoever inspects to look at. */
export interface SealInspection {
  readonly kind: 'sealed'
  readonly header: JsonObject
  /** What is in it but for the assertion; undefined when it was not opened. */
  readonly content: JsonObject | undefined
  /** When the hook takes it for the last time, in seconds since the epoch; undefined when it was not opened. */
  readonly validUntil: number | undefined
  readonly flaws: readonly Flaw[]
}

const maxAssertionBytes = 65_536

/**
 * Judges a sealed text as the hook would, for the client and the server that it says it is for.
 *
 * @param keys - what opens it; without them all is judged that is judged before it is opened
 * @returns what was found, and the assertion when it was opened
 */
export async function inspectSeal(
  text: string,
  header: JsonObject,
  { clock, keys }: { readonly clock: Clock; readonly keys: SealKeys | undefined },
): Promise<{ readonly inspection: SealInspection; readonly assertion: string | undefined }> {
  const { assertion, ...content } = (keys && (await openSeal(text, keys.json, `${header['kid']}`))) ?? {}
  const { client_id: clientId, aud, iat } = content
  const { sealing } = keys ?? (await unusedSealKeys())
  const outcome = await sealing
    .start({ clock, maxAssertionBytes, maxWaiting: 1 })
    .open({ text, header }, { clientId: `${clientId}`, authorizationServer: `${aud}` })
  const isUnopened = keys === undefined && !outcome.ok && outcome.fault.code === 'seal_key_unknown'
  return {
    inspection: {
      kind: 'sealed',
      header,
      content: clientId === undefined ? undefined : content,
      validUntil: isNumericDate(iat)
        ? iat + sealedAssertion.lifetimeSeconds + defaultClockToleranceSeconds
        : undefined,
      flaws: outcome.ok || isUnopened ? [] : [flawOf(outcome.fault.code, outcome.fault.detail)],
    },
    assertion: typeof assertion === 'string' ? assertion : undefined,
  }
}

function flawOf(code: ErrorCode, detail: string | undefined): Flaw {
  const { sentence } = errorTable[code]
  return {
    code,
    problem: detail === undefined ? sentence : `${sentence.replace(/\.$/, '')} (${detail})`,
    remedy: remedies.get(code) ?? 'let the client seal it anew',
  }
}

const remedies: ReadonlyMap<ErrorCode, string> = new Map([
  ['seal_key_unknown', 'give the private half of the key that its kid names'],
  ['seal_expired', 'nobody can use it any more; the client seals anew for each attempt'],
])

import type { Json, JsonObject } from '@behalf/core'
import { textAt } from '../../okta/members.ts'
import type { Bench, Experiment } from '../experiment.ts'

const startBytes = 1024
const limitBytes = 65_536
const precisionBytes = 128
const steps = Math.ceil(Math.log2(limitBytes / precisionBytes)) + Math.log2(limitBytes / startBytes) + 1

/** How long an assertion in the URL may be. */
export const longestUrl: Experiment = {
  name: 'longest-url',
  question: 'How long may the query of a token request be, and does the hook see all of it?',
  maxTokens: steps,
  async run(bench) {
    let accepted = 0
    let refused: number | undefined
    let how: Json = null
    let whole = true
    for (let bytes = startBytes; ; ) {
      const { isAccepted, isWhole, refusal } = await tryLength(bench, bytes)
      if (isAccepted) {
        accepted = bytes
        whole &&= isWhole
      } else {
        refused = bytes
        how = refusal
      }
      if (refused === undefined && accepted >= limitBytes) break
      if (refused !== undefined && refused - accepted <= precisionBytes) break
      bytes = refused === undefined ? accepted * 2 : Math.floor((accepted + refused) / 2)
    }
    return {
      acceptedQueryBytes: accepted,
      refusedQueryBytes: refused ?? null,
      refusal: how,
      hookSawAllOfIt: whole,
    }
  },
}

async function tryLength(
  bench: Bench,
  bytes: number,
): Promise<{ isAccepted: boolean; isWhole: boolean; refusal: Json }> {
  const name = 'probe'
  const value = 'x'.repeat(bytes - `${name}=`.length)
  const { token, status, error, event } = await bench.requestToken({ query: { [name]: value } })
  return {
    isAccepted: token !== undefined,
    isWhole: event !== undefined && urlOf(event).endsWith(`${name}=${value}`),
    refusal: { status, error: error ?? null },
  }
}

function urlOf(event: JsonObject): string {
  return textAt(event, 'data', 'context', 'request', 'url', 'value')
}

import type { ExchangeKey, Sandbox } from '@behalf/sandbox'

/** What an exchange may be found by; not all that comes in can be used. */
type Found = Partial<Record<'requestId' | 'tokenId', unknown>>

/** Tells the sandbox what an API has answered, so that its page shows it. */
export function noteCall(
  { annotate }: Pick<Sandbox, 'annotate'>,
  found: Found,
  party: string,
  accepted: boolean,
  outcome: string,
): void {
  const key = keyOf(found)
  if (key !== undefined) annotate(key, { calls: [{ party, accepted, outcome }] })
}

function keyOf({ requestId, tokenId }: Found): ExchangeKey | undefined {
  if (typeof requestId === 'string' && requestId !== '') return { requestId }
  return typeof tokenId === 'string' && tokenId !== '' ? { tokenId } : undefined
}

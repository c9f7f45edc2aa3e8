import type { DecisionRecord, StepReport } from '@behalf/hook'
import type { ExchangeKey, ExchangeStep, Sandbox } from '@behalf/sandbox'

/** How many requests may be under way in the hook; of the oldest beyond that, the steps are forgotten. */
const maxUnderWay = 1000

/** Tells the sandbox what the hook and the APIs make of exchanges, so that its page shows it. */
export class ExchangeNotes {
  readonly #sandbox: Pick<Sandbox, 'annotate'>
  readonly #steps = new Map<string, ExchangeStep[]>()

  constructor(sandbox: Pick<Sandbox, 'annotate'>) {
    this.#sandbox = sandbox
  }

  /** Keeps how a step ended until the decision says which exchange it was. */
  step({ decisionId, step, outcome, code, detail }: StepReport): void {
    const steps = this.#steps.get(decisionId) ?? []
    const told = { ...(code === undefined ? {} : { code }), ...(detail === undefined ? {} : { detail }) }
    this.#steps.set(decisionId, [...steps, { step, outcome, ...told }])
    for (const oldest of this.#steps.keys()) {
      if (this.#steps.size <= maxUnderWay) break
      this.#steps.delete(oldest)
    }
  }

  /** Tells what the hook has decided, and on which way. */
  decision({ decisionId, requestId, subject, policies = [] }: DecisionRecord): void {
    const steps = this.#steps.get(decisionId) ?? []
    this.#steps.delete(decisionId)
    if (requestId === undefined) return
    this.#sandbox.annotate({ requestId }, { steps, policies, ...(subject === undefined ? {} : { subject }) })
  }

  /** Tells what an API answered. */
  call(
    key: Partial<Record<'requestId' | 'tokenId', unknown>>,
    party: string,
    accepted: boolean,
    outcome: string,
  ): void {
    const found = keyOf(key)
    if (found !== undefined) this.#sandbox.annotate(found, { calls: [{ party, accepted, outcome }] })
  }
}

function keyOf({
  requestId,
  tokenId,
}: Partial<Record<'requestId' | 'tokenId', unknown>>): ExchangeKey | undefined {
  if (typeof requestId === 'string' && requestId !== '') return { requestId }
  return typeof tokenId === 'string' && tokenId !== '' ? { tokenId } : undefined
}

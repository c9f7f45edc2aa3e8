import { verify } from 'node:crypto'
import type { Artefacts } from '../artefacts.ts'
import { type Figure, figure } from '../figure.ts'
import { hookBody, restEvent } from '../hook-call.ts'
import { interleave, ratios } from '../interleave.ts'
import { assertionClaims, type BenchIssuer } from '../tokens.ts'
import { zipf } from '../zipf.ts'

type Handler = (event: object) => Promise<{ readonly statusCode: number; readonly body: string }>

/** More than are remembered at once, so that each is as good as new when its turn comes again. */
const distinctTokens = 12_000
/** Many users, so that nothing wins by remembering the last one. */
const users = 256
const secret = 'k9Tq-the-secret-registered-at-Okta'

/**
 * The packed Lambda functions in this process, keys loaded: event in, response out, a REST event of 3 KB with
 * an assertion of 1 KB. Decision records are written to nowhere, so that what they cost is part of the time.
 */
export async function hook(artefacts: Artefacts, issuer: BenchIssuer): Promise<readonly Figure[]> {
  Object.assign(process.env, { ISSUER: issuer.issuer, AUDIENCE: 'api://a', HOOK_SECRET: secret })
  const tokens = Array.from({ length: distinctTokens }, (_, index) => issuer.sign(assertionClaims(index)))
  const events = tokens.map((token) => restEvent(hookBody(token), secret))
  const byPopularity = zipf(distinctTokens)
  const { handler: behalf }: { handler: Handler } = await import(artefacts.behalf.module)
  const { handler: baseline }: { handler: Handler } = await import(artefacts.baseline.module)
  const ask = (handler: Handler, pick: (call: number) => number) => async (call: number) => {
    const { body } = await handler(events[pick(call)] ?? {})
    if (!body.includes('"commands"')) throw new Error(`not exchanged: ${body}`)
  }

  const samples = await silently(() =>
    interleave({
      first: ask(behalf, (call) => call % distinctTokens),
      repeat: ask(behalf, (call) => call % users),
      zipf: ask(behalf, byPopularity),
      baseline: ask(baseline, (call) => call % users),
      rsaVerify: (call) => {
        const token = tokens[call % users] ?? ''
        const end = token.lastIndexOf('.')
        const [input, signature] = [
          Buffer.from(token.slice(0, end)),
          Buffer.from(token.slice(end + 1), 'base64url'),
        ]
        if (!verify('sha256', input, issuer.publicKey, signature)) throw new Error('not verified')
      },
    }),
  )
  return [
    figure('hook.first.micros', 'µs', samples.first),
    figure('hook.repeat.micros', 'µs', samples.repeat),
    figure('baseline.micros', 'µs', samples.baseline),
    figure('rsaVerify.micros', 'µs', samples.rsaVerify),
    figure('hook.first.vsBaseline', 'times', ratios(samples.baseline, samples.first)),
    figure('hook.first.vsRsaVerify', 'times', ratios(samples.first, samples.rsaVerify)),
    figure('hook.repeat.vsBaseline', 'times', ratios(samples.baseline, samples.repeat)),
    figure('hook.zipf.vsBaseline', 'times', ratios(samples.baseline, samples.zipf)),
  ]
}

/** Runs something with standard output going nowhere. */
async function silently<T>(run: () => Promise<T>): Promise<T> {
  const { write } = process.stdout
  process.stdout.write = () => true
  try {
    return await run()
  } finally {
    process.stdout.write = write
  }
}

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
  const tokens = Array.from({ length: 2 * distinctTokens + users }, (_, index) =>
    issuer.sign(assertionClaims(index)),
  )
  const events = tokens.map((token) => restEvent(hookBody(token), secret))
  const byPopularity = zipf(distinctTokens)
  const load = async (module: string): Promise<Handler> => {
    const { handler }: { handler: Handler } = await silently(() => import(module))
    return handler
  }
  const behalf = await load(artefacts.behalf.module)
  const baseline = await load(artefacts.baseline.module)
  /** Counts its own calls, since those of the others lie between them. */
  const ask = (handler: Handler, pick: (call: number) => number) => {
    let calls = 0
    return async () => {
      const { body } = await handler(events[pick(calls++)] ?? {})
      if (!body.includes('"commands"')) throw new Error(`not exchanged: ${body}`)
    }
  }

  // One function, as in production, and users of its own for each, so that none profits from what another asked.
  const samples = await silently(() =>
    interleave({
      repeat: ask(behalf, (call) => call % users),
      first: ask(behalf, (call) => users + (call % distinctTokens)),
      zipf: ask(behalf, (call) => users + distinctTokens + byPopularity(call)),
      baseline: ask(baseline, (call) => call % users),
      baselineFirst: ask(baseline, (call) => users + (call % distinctTokens)),
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
    figure('hook.first.vsBaseline', 'times', ratios(samples.baselineFirst, samples.first)),
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

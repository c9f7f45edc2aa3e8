import { verify } from 'node:crypto'
import type { Artefacts } from '../artefacts.ts'
import { type Figure, figure } from '../figure.ts'
import { hookBody, restEvent } from '../hook-call.ts'
import { interleave, ratios } from '../interleave.ts'
import { assertionClaims, type BenchIssuer } from '../tokens.ts'

type Handler = (event: object) => Promise<{ readonly statusCode: number; readonly body: string }>

/** Many users, so that nothing wins by remembering the last one. */
const users = 256
const secret = 'k9Tq-the-secret-registered-at-Okta'

/**
 * The packed Lambda functions in this process, keys loaded: event in, response out, a REST event of 3 KB with
 * an assertion of 1 KB. Decision records are written to nowhere, so that what they cost is part of the time.
 */
export async function hookWarm(artefacts: Artefacts, issuer: BenchIssuer): Promise<readonly Figure[]> {
  Object.assign(process.env, { ISSUER: issuer.issuer, AUDIENCE: 'api://a', HOOK_SECRET: secret })
  const tokens = Array.from({ length: users }, (_, index) => issuer.sign(assertionClaims(index)))
  const events = tokens.map((token) => restEvent(hookBody(token), secret))
  const signed = tokens.map((token) => {
    const end = token.lastIndexOf('.')
    return [Buffer.from(token.slice(0, end)), Buffer.from(token.slice(end + 1), 'base64url')] as const
  })
  const { handler: behalf }: { handler: Handler } = await import(artefacts.behalf.module)
  const { handler: baseline }: { handler: Handler } = await import(artefacts.baseline.module)
  const ask = (handler: Handler) => async (call: number) => {
    const { body } = await handler(events[call % users] ?? {})
    if (!body.includes('"commands"')) throw new Error(`not exchanged: ${body}`)
  }

  const samples = await silently(() =>
    interleave({
      behalf: ask(behalf),
      baseline: ask(baseline),
      rsaVerify: (call) => {
        const [input, signature] = signed[call % users] ?? []
        if (input === undefined || signature === undefined) throw new Error('no token')
        if (!verify('sha256', input, issuer.publicKey, signature)) throw new Error('not verified')
      },
    }),
  )
  return [
    figure('hook.warm.micros', 'µs', samples.behalf),
    figure('baseline.warm.micros', 'µs', samples.baseline),
    figure('rsaVerify.micros', 'µs', samples.rsaVerify),
    figure('hook.warm.vsBaseline', 'times', ratios(samples.baseline, samples.behalf)),
    figure('hook.warm.vsRsaVerify', 'times', ratios(samples.behalf, samples.rsaVerify)),
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

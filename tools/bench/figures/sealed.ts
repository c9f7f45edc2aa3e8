import { generateKeyPairSync, randomUUID, verify } from 'node:crypto'
import { createHook, type Hook } from '@behalf/hook'
import { sealed } from '@behalf/hook/sealing'
import { CompactEncrypt, compactDecrypt } from 'jose'
import { type Figure, figure } from '../figure.ts'
import { hookBody } from '../hook-call.ts'
import { interleave, ratios } from '../interleave.ts'
import { assertionClaims, type BenchIssuer } from '../tokens.ts'

const runs = { rounds: 15, warmUpRounds: 10, callsPerRound: 200 }
/** A seal can be used once, so there is one for every call; each token is new to the hook, too. */
const count = (runs.rounds + runs.warmUpRounds) * runs.callsPerRound
const secret = 'k9Tq-the-secret-registered-at-Okta'
const server = 'https://example.okta.com/oauth2/aus1a2b3c4d5e6f7g8h9'

/** A sealed exchange beside a bare one, and beside what it cannot do without: `jose` opens, RSA verifies. */
export async function sealedExchange(issuer: BenchIssuer): Promise<readonly Figure[]> {
  const pair = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  const { kty = '', crv = '', x = '', y = '', d = '' } = pair.privateKey.export({ format: 'jwk' })
  const keys = { kty, crv, x, y, d, kid: 'seal-1' }
  const tokens = Array.from({ length: count }, (_, index) => issuer.sign(assertionClaims(index)))
  const seals = await Promise.all(
    tokens.map((assertion) =>
      new CompactEncrypt(
        Buffer.from(
          JSON.stringify({
            assertion,
            client_id: '0oaApiA',
            aud: server,
            iat: Math.floor(Date.now() / 1000),
            jti: randomUUID(),
          }),
        ),
      )
        .setProtectedHeader({ alg: 'ECDH-ES', enc: 'A256GCM', typ: 'sealed-assertion+jwt', kid: keys.kid })
        .encrypt(pair.publicKey),
    ),
  )
  const config = {
    authenticate: { secrets: [secret] },
    issuers: [{ issuer: issuer.issuer, audiences: ['api://a'] }],
    clients: 'any',
  } as const
  const bareHook = createHook(config)
  const sealedHook = createHook({ ...config, sealing: sealed({ keys }) })
  await Promise.all([bareHook.load(), sealedHook.load()])
  const headers = new Map([['authorization', [secret]]])
  const each = (texts: readonly string[], use: (text: string) => Promise<void>) => {
    let next = 0
    return () => use(texts[next++] ?? '')
  }
  const ask = (hook: Hook) => async (body: string) => {
    const answer = await hook.handle({ headers, body })
    if (!answer.body.includes('"commands"')) throw new Error(`not exchanged: ${answer.body}`)
  }
  const samples = await interleave(
    {
      sealed: each(
        seals.map((text) => hookBody(text)),
        ask(sealedHook),
      ),
      bare: each(
        tokens.map((text) => hookBody(text)),
        ask(bareHook),
      ),
      parts: each(seals, async (text) => {
        const { plaintext } = await compactDecrypt(text, pair.privateKey)
        const { assertion }: { assertion: string } = JSON.parse(Buffer.from(plaintext).toString())
        const end = assertion.lastIndexOf('.')
        const signature = Buffer.from(assertion.slice(end + 1), 'base64url')
        if (!verify('sha256', Buffer.from(assertion.slice(0, end)), issuer.publicKey, signature))
          throw new Error('not verified')
      }),
    },
    runs,
  )
  return [
    figure('hook.sealed.micros', 'µs', samples.sealed),
    figure('hook.sealed.vsParts', 'times', ratios(samples.sealed, samples.parts)),
    figure('hook.sealed.vsBare', 'times', ratios(samples.sealed, samples.bare)),
  ]
}

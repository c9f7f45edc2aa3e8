import { createHook } from '@behalf/hook'
import { createLambdaHandler } from '@behalf/hook/lambda'
import { sealed } from '@behalf/hook/sealing'
import { encodePart, hookEvent, signJwt, type TestIssuer, userClaims } from '@behalf/testing'
import { type Case, parseBare } from '../case.ts'
import type { Shape } from '../shape.ts'
import { jsonShapes } from '../shapes/json.ts'
import { sealingPair, sealShapes } from '../shapes/seal.ts'
import { urlShapes } from '../shapes/url.ts'

const secret = 'hook-secret-0123456789'
const largestUrl = 262_144

/** What may be as large as its limit says. */
export interface HookLimits {
  readonly name: string
  readonly maxBodyBytes: number
  readonly maxAssertionBytes: number
  readonly maxPatchBytes: number
}

/** The limits of a hook that sets none, and the largest that can be set. */
export const hookLimits: readonly HookLimits[] = [
  { name: 'default limits', maxBodyBytes: 262_144, maxAssertionBytes: 16_384, maxPatchBytes: 4_096 },
  { name: 'largest limits', maxBodyBytes: 524_288, maxAssertionBytes: 131_072, maxPatchBytes: 131_072 },
]

/** From the bytes of a body to the answer, by a caller that has the secret. */
export async function hookCases(issuer: TestIssuer, limits: HookLimits): Promise<readonly Case[]> {
  const { name, maxBodyBytes, maxAssertionBytes, maxPatchBytes } = limits
  const hook = createHook({
    authenticate: { secrets: [secret] },
    issuers: [{ issuer: issuer.issuer, audiences: ['api://a'] }],
    clients: { '0oaApiA': {} },
    claims: { maxBytes: maxPatchBytes },
    limits: { maxBodyBytes, maxAssertionBytes },
    sealing: sealed({ keys: sealingPair.jwk, required: false }),
  })
  await hook.load()
  const handle = createLambdaHandler(hook)
  const claims = userClaims(Math.floor(Date.now() / 1_000), { iss: issuer.issuer, exp: 4_000_000_000 })
  const good = JSON.stringify(hookEvent({ assertion: issuer.sign(claims) }))
  const header = encodePart({ alg: 'RS256', kid: issuer.key.kid })

  const makeCase = (part: string, shape: Shape, body: string): Case => {
    const event = {
      requestContext: { http: { method: 'POST' } },
      headers: { authorization: secret, 'content-type': 'application/json' },
      body: Buffer.from(body).toString('base64'),
      isBase64Encoded: true,
    }
    return {
      subject: `hook, ${part}, ${name}`,
      shape: shape.name,
      length: body.length,
      work: () => handle(event),
      bare: parseBare(body),
    }
  }
  const withAssertion = (assertion: string): string => JSON.stringify(hookEvent({ assertion }))
  // What base64 and the other claims leave of the limit.
  const payloadLength = Math.floor(maxAssertionBytes * 0.75) - 700

  return [
    ...jsonShapes.map((shape) => makeCase('body', shape, fitting(shape, maxBodyBytes))),
    ...jsonShapes.map((shape) =>
      makeCase(
        'member of an event',
        shape,
        `{"x":${fitting(shape, maxBodyBytes - good.length - 20)},${good.slice(1)}`,
      ),
    ),
    ...urlShapes.map((shape) => {
      const url = shape.write(Math.min(largestUrl, maxBodyBytes - 1_500))
      return makeCase('URL', shape, JSON.stringify(hookEvent({ url })))
    }),
    ...jsonShapes.map((shape) => {
      const payload = `{"iss":"${issuer.issuer}","x":${fitting(shape, payloadLength)}}`
      return makeCase(
        'unsigned assertion',
        shape,
        withAssertion(`${header}.${Buffer.from(payload).toString('base64url')}.AAAA`),
      )
    }),
    ...jsonShapes.map((shape) => {
      const payload = `${JSON.stringify(claims).slice(0, -1)},"x":${fitting(shape, payloadLength)}}`
      return makeCase('signed assertion', shape, withAssertion(signJwt(issuer.key, payload)))
    }),
    // Longer than any, and the longest that is opened: an assertion and 2 KB, in base64url.
    ...[65_536, Math.floor(((maxAssertionBytes + 2_048) * 4) / 3)].flatMap((length) =>
      sealShapes.map((shape) => {
        // No parser opens seals, so that none says how long it may take.
        const { bare: _, ...rest } = makeCase(
          `seal of up to ${length}`,
          shape,
          withAssertion(shape.write(length)),
        )
        return rest
      }),
    ),
    ...scopeShapes.map((shape) => {
      const event = hookEvent()
      event.data.context.protocol.request['scope'] = shape.write(maxBodyBytes - 1_500)
      return makeCase('scopes', shape, JSON.stringify(event))
    }),
  ]
}

const scopeShapes: readonly Shape[] = [
  { name: 'blanks', write: (length) => ' '.repeat(length) },
  { name: 'one letter', write: (length) => 'a '.repeat(length / 2) },
  {
    name: 'all different',
    write: (length) =>
      Array.from({ length: length / 6 }, (_, index) => (index + 60_000).toString(36)).join(' '),
  },
]

/** A shape whose text, with letters beyond ASCII, has no more bytes than a limit. */
function fitting(shape: Shape, bytes: number): string {
  const text = shape.write(bytes)
  const written = Buffer.byteLength(text)
  return written <= bytes ? text : shape.write(Math.floor((bytes * text.length) / written))
}

import { encodePart, type TestIssuer } from '@behalf/testing'
import { createVerifier } from '@behalf/verify'
import { type Case, parseBare } from '../case.ts'
import { authorizationShapes } from '../shapes/header.ts'
import { jsonShapes } from '../shapes/json.ts'

/** The longest header that Node takes, and what API B looks at. */
const maxHeaderBytes = 16_384
const maxProofBytes = 8_192

/** From the headers of a request to access or a refusal, at API B. */
export async function verifyCases(issuer: TestIssuer): Promise<readonly Case[]> {
  const verifier = createVerifier({
    issuer: issuer.issuer,
    audience: 'api://b',
    dpop: { baseUrl: 'https://b.example.com' },
  })
  await verifier.loadKeys()
  const authorize = (authorization: string, proof?: string) => (): unknown =>
    verifier.authorize({
      method: 'GET',
      url: '/orders',
      header: (name) => (name === 'authorization' ? [authorization] : proof === undefined ? [] : [proof]),
    })
  const goodHeader = encodePart({ alg: 'RS256', kid: issuer.key.kid })
  const expired = { aud: 'api://b', exp: 4_000_000_000, cnf: { jkt: 'x'.repeat(43) }, iss: issuer.issuer }
  const bound = issuer.sign(expired)
  const jsonLength = (bytes: number): number => Math.floor(bytes * 0.75) - 100
  const proofOf = (header: string, payload: string): string =>
    [header, payload]
      .map((part) => Buffer.from(part).toString('base64url'))
      .join('.')
      .concat('.AAAA')
  return [
    ...authorizationShapes.map((shape) => {
      const value = shape.write(maxHeaderBytes)
      return {
        subject: 'verify, Authorization',
        shape: shape.name,
        length: value.length,
        work: authorize(value),
      }
    }),
    ...jsonShapes.flatMap((shape) => {
      const text = ascii(shape.write(jsonLength(maxHeaderBytes - 200)))
      const payload = `{"iss":"${issuer.issuer}","x":${text}}`
      const asPayload = `${goodHeader}.${Buffer.from(payload).toString('base64url')}.AAAA`
      const asHeader = `${Buffer.from(text).toString('base64url')}.e30.AAAA`
      const proofText = ascii(shape.write(jsonLength(maxProofBytes)))
      const bare = parseBare(text)
      return [
        {
          subject: 'verify, payload',
          shape: shape.name,
          length: asPayload.length,
          work: authorize(`Bearer ${asPayload}`),
          bare,
        },
        {
          subject: 'verify, header',
          shape: shape.name,
          length: asHeader.length,
          work: authorize(`Bearer ${asHeader}`),
          bare,
        },
        {
          subject: 'verify, header of the proof',
          shape: shape.name,
          length: proofText.length,
          work: authorize(`DPoP ${bound}`, proofOf(proofText, '{}')),
        },
        {
          subject: 'verify, payload of the proof',
          shape: shape.name,
          length: proofText.length,
          work: authorize(`DPoP ${bound}`, proofOf('{"typ":"dpop+jwt"}', proofText)),
        },
      ]
    }),
  ]
}

/** Letters of several bytes would make a token longer than its limit. */
function ascii(text: string): string {
  return text.replaceAll('😀', 'abcd')
}

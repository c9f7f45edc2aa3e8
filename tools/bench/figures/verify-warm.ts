import { verify } from 'node:crypto'
import { createVerifier } from '@behalf/verify'
import OktaJwtVerifier from '@okta/jwt-verifier'
import { createLocalJWKSet, jwtVerify } from 'jose'
import { type Figure, figure } from '../figure.ts'
import { interleave, ratios } from '../interleave.ts'
import { type BenchIssuer, delegatedClaims } from '../tokens.ts'

const tokens = 256

/** API B's verification in this process, keys loaded, beside the libraries that it would else be done with. */
export async function verifyWarm(issuer: BenchIssuer): Promise<readonly Figure[]> {
  const signed = Array.from({ length: tokens }, (_, index) =>
    issuer.sign(delegatedClaims(index, issuer.issuer)),
  )
  const parts = signed.map((token) => {
    const end = token.lastIndexOf('.')
    return [Buffer.from(token.slice(0, end)), Buffer.from(token.slice(end + 1), 'base64url')] as const
  })
  const verifier = createVerifier({ issuer: issuer.issuer, audience: 'api://b' })
  await verifier.loadKeys()
  const okta = new OktaJwtVerifier({ issuer: issuer.issuer, testing: { disableHttpsCheck: true } })
  const keySet = createLocalJWKSet(JSON.parse(JSON.stringify(issuer.keySet)))
  const at = (call: number): string => signed[call % tokens] ?? ''
  const samples = await interleave({
    behalf: (call) => verifier.verify(at(call)),
    okta: (call) => okta.verifyAccessToken(at(call), 'api://b'),
    jose: (call) => jwtVerify(at(call), keySet, { issuer: issuer.issuer, audience: 'api://b' }),
    rsaVerify: (call) => {
      const [input, signature] = parts[call % tokens] ?? []
      if (input === undefined || signature === undefined) throw new Error('no token')
      if (!verify('sha256', input, issuer.publicKey, signature)) throw new Error('not verified')
    },
  })
  return [
    figure('verify.warm.micros', 'µs', samples.behalf),
    figure('verify.warm.vsRsaVerify', 'times', ratios(samples.behalf, samples.rsaVerify)),
    figure('verify.warm.vsOktaVerifier', 'times', ratios(samples.okta, samples.behalf)),
    figure('verify.warm.vsJose', 'times', ratios(samples.jose, samples.behalf)),
  ]
}

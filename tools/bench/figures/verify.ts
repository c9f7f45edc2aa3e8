import { verify } from 'node:crypto'
import { createVerifier } from '@behalf/verify'
import OktaJwtVerifier from '@okta/jwt-verifier'
import { JwtVerifier } from 'aws-jwt-verify'
import { createVerifier as createFastJwt } from 'fast-jwt'
import { createLocalJWKSet, jwtVerify } from 'jose'
import { type Figure, figure } from '../figure.ts'
import { interleave, ratios } from '../interleave.ts'
import { type BenchIssuer, delegatedClaims } from '../tokens.ts'

const tokens = 256
/** Each has been forgotten by the time it comes again, and yet is put into the memory like a new one. */
const forgetful = { maxEntries: 2 }

/**
 * API B's verification in this process, keys loaded, beside the libraries that it would else be done with: of tokens that it
 * has not seen before, and of tokens that it has.
 */
export async function verification(issuer: BenchIssuer): Promise<readonly Figure[]> {
  const signed = Array.from({ length: tokens }, (_, index) =>
    issuer.sign(delegatedClaims(index, issuer.issuer)),
  )
  const at = (call: number): string => signed[call % tokens] ?? ''
  const parts = signed.map((token) => {
    const end = token.lastIndexOf('.')
    return [Buffer.from(token.slice(0, end)), Buffer.from(token.slice(end + 1), 'base64url')] as const
  })
  const options = { issuer: issuer.issuer, audience: 'api://b' }
  const first = createVerifier({ ...options, verifiedTokens: forgetful })
  const repeat = createVerifier(options)
  await first.loadKeys()
  await repeat.loadKeys()
  const okta = new OktaJwtVerifier({ issuer: issuer.issuer, testing: { disableHttpsCheck: true } })
  const keySet = JSON.parse(JSON.stringify(issuer.keySet))
  const jose = createLocalJWKSet(keySet)
  const aws = JwtVerifier.create({ ...options, jwksUri: `${issuer.issuer}/v1/keys` })
  aws.cacheJwks(keySet)
  const fastJwt = (cache: boolean | number): ((token: string) => object) =>
    createFastJwt({
      key: issuer.publicKey.export({ format: 'pem', type: 'spki' }).toString(),
      algorithms: ['RS256'],
      allowedIss: options.issuer,
      allowedAud: options.audience,
      cache,
    })
  const fast = fastJwt(false)
  const fastCached = fastJwt(10_000)
  const samples = await interleave({
    first: (call) => first.verify(at(call)),
    repeat: (call) => repeat.verify(at(call)),
    okta: (call) => okta.verifyAccessToken(at(call), options.audience),
    jose: (call) => jwtVerify(at(call), jose, options),
    aws: (call) => aws.verifySync(at(call)),
    fast: (call) => fast(at(call)),
    fastCached: (call) => fastCached(at(call)),
    rsaVerify: (call) => {
      const [input, signature] = parts[call % tokens] ?? []
      if (input === undefined || signature === undefined) throw new Error('no token')
      if (!verify('sha256', input, issuer.publicKey, signature)) throw new Error('not verified')
    },
  })
  return [
    figure('verify.first.micros', 'µs', samples.first),
    figure('verify.first.vsRsaVerify', 'times', ratios(samples.first, samples.rsaVerify)),
    figure('verify.first.vsOktaVerifier', 'times', ratios(samples.okta, samples.first)),
    figure('verify.first.vsJose', 'times', ratios(samples.jose, samples.first)),
    figure('verify.first.vsFastJwt', 'times', ratios(samples.fast, samples.first)),
    figure('verify.first.vsAwsJwtVerify', 'times', ratios(samples.aws, samples.first)),
    figure('verify.repeat.micros', 'µs', samples.repeat),
    figure('verify.repeat.vsFastJwtCached', 'times', ratios(samples.repeat, samples.fastCached)),
    figure('verify.repeat.vsOktaVerifier', 'times', ratios(samples.okta, samples.repeat)),
  ]
}

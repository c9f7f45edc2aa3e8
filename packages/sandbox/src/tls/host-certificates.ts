import { webcrypto, X509Certificate } from 'node:crypto'
import { isIP } from 'node:net'
import { createSecureContext, type SecureContext, type SecureContextOptions } from 'node:tls'
import { type CertificateAuthority, loadX509 } from './authority.ts'

const signing = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' } as const
/** What browsers take at most. */
const days = 397
const dayMs = 86_400_000
const maxNames = 100

/**
 * Certificates of one authority for the names that the org has: one for those that are known, and one for each name
 * below `.localhost` that is asked for, since no client takes `*.localhost`.
 */
export class HostCertificates {
  readonly #authority: CertificateAuthority
  readonly #covers: (name: string) => boolean
  readonly #byName = new Map<string, Promise<SecureContext>>()

  /** @param covers - says which names, besides those that are known, get a certificate when a client asks for them */
  constructor(authority: CertificateAuthority, covers: (name: string) => boolean) {
    this.#authority = authority
    this.#covers = covers
  }

  /** Makes the certificate for clients that ask for no name, or for one that is not the org's. */
  async issue(names: readonly string[]): Promise<SecureContextOptions> {
    const { cert, key } = await issueCertificate(this.#authority, names)
    return { cert, key }
  }

  /** Returns what a client that asks for a name is shown; undefined when it is not the org's. */
  contextFor(name: string): Promise<SecureContext> | undefined {
    if (!this.#covers(name)) return undefined
    const made = this.#byName.get(name)
    if (made !== undefined) return made
    // Whoever asks for more names than anybody has must not fill the memory.
    if (this.#byName.size >= maxNames) this.#byName.clear()
    const context = this.issue([name]).then(createSecureContext)
    this.#byName.set(name, context)
    return context
  }
}

/** Says why an authority cannot be used; undefined when it can. */
export function faultOfAuthority({ certificate, privateKey }: CertificateAuthority): string | undefined {
  try {
    const { ca, validTo } = new X509Certificate(certificate)
    if (!ca) return 'expected the certificate of an authority'
    if (Date.parse(validTo) < Date.now()) return 'expected a certificate that has not expired; make a new one'
    createSecureContext({ cert: certificate, key: privateKey })
    return undefined
  } catch {
    return 'expected a certificate and its private key, as PEM'
  }
}

async function issueCertificate(
  authority: CertificateAuthority,
  names: readonly string[],
): Promise<{ readonly cert: string; readonly key: string }> {
  const x509 = await loadX509()
  const { subtle } = webcrypto
  const issuer = new x509.X509Certificate(authority.certificate)
  const signingKey = await subtle.importKey(
    'pkcs8',
    x509.PemConverter.decodeFirst(authority.privateKey),
    signing,
    false,
    ['sign'],
  )
  const keys = await subtle.generateKey(signing, true, ['sign', 'verify'])
  const now = Date.now()
  const [first = ''] = names
  const certificate = await x509.X509CertificateGenerator.create({
    subject: `CN=${first.slice(0, 64)}`,
    issuer: issuer.subject,
    // A client whose clock is behind takes it, too.
    notBefore: new Date(Math.max(issuer.notBefore.getTime(), now - dayMs)),
    notAfter: new Date(Math.min(issuer.notAfter.getTime(), now + days * dayMs)),
    publicKey: keys.publicKey,
    signingKey,
    signingAlgorithm: signing,
    extensions: [
      new x509.BasicConstraintsExtension(false),
      new x509.KeyUsagesExtension(x509.KeyUsageFlags.digitalSignature, true),
      new x509.ExtendedKeyUsageExtension([x509.ExtendedKeyUsage.serverAuth]),
      new x509.SubjectAlternativeNameExtension(
        names.map((value) => ({ type: isIP(value) === 0 ? 'dns' : 'ip', value })),
      ),
      await x509.AuthorityKeyIdentifierExtension.create(issuer.publicKey),
    ],
  })
  const key = await subtle.exportKey('pkcs8', keys.privateKey)
  return { cert: certificate.toString('pem'), key: x509.PemConverter.encode(key, 'PRIVATE KEY') }
}

import { webcrypto } from 'node:crypto'

/** A certificate authority, as PEM: what its clients trust, and what it signs with. */
export interface CertificateAuthority {
  readonly certificate: string
  /** PKCS #8, of a P-256 key. */
  readonly privateKey: string
}

const signing = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' } as const
const years = 5

/** What makes certificates; it wants a polyfill of everything's, so both are loaded only by who uses TLS. */
export async function loadX509(): Promise<typeof import('@peculiar/x509')> {
  await import('reflect-metadata')
  const x509 = await import('@peculiar/x509')
  x509.cryptoProvider.set(webcrypto)
  return x509
}

/**
 * Makes a certificate authority of its own, for five years. Whoever trusts it trusts whoever has its key: keep that for
 * its owner, and let programs trust it one by one, not a whole machine.
 *
 * @example
 * ```ts
 * import { createCertificateAuthority, createSandbox } from '@behalf/sandbox'
 *
 * const authority = await createCertificateAuthority()
 * const sandbox = await createSandbox({ tls: { authority } })
 * ```
 * @see https://www.rfc-editor.org/rfc/rfc5280#section-4.2.1.9
 */
export async function createCertificateAuthority(): Promise<CertificateAuthority> {
  const x509 = await loadX509()
  const keys = await webcrypto.subtle.generateKey(signing, true, ['sign', 'verify'])
  // By the machine's clock, since that is what clients judge certificates by.
  const [notBefore, notAfter] = [new Date(), new Date()]
  notAfter.setFullYear(notAfter.getFullYear() + years)
  const { KeyUsagesExtension, KeyUsageFlags, BasicConstraintsExtension } = x509
  const certificate = await x509.X509CertificateGenerator.createSelfSigned({
    name: 'CN=Behalf sandbox (development only)',
    keys,
    notBefore,
    notAfter,
    signingAlgorithm: signing,
    extensions: [
      new BasicConstraintsExtension(true, 0, true),
      new KeyUsagesExtension(KeyUsageFlags.keyCertSign | KeyUsageFlags.cRLSign, true),
      await x509.SubjectKeyIdentifierExtension.create(keys.publicKey),
    ],
  })
  const privateKey = await webcrypto.subtle.exportKey('pkcs8', keys.privateKey)
  return {
    certificate: `${certificate.toString('pem')}\n`,
    privateKey: `${x509.PemConverter.encode(privateKey, 'PRIVATE KEY')}\n`,
  }
}

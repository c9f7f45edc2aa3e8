import { webcrypto } from 'node:crypto'
import { createCertificateAuthority } from '@behalf/sandbox'
import { loadX509 } from '../../sandbox/src/tls/authority.ts'

/** PEM. */
export interface Certified {
  readonly cert: string
  readonly key: string
}

const signing = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' } as const

/** An authority, and what it certifies: servers on 127.0.0.1 and clients alike. */
export async function startAuthority(): Promise<{ readonly ca: string; certify(): Promise<Certified> }> {
  const authority = await createCertificateAuthority()
  const { X509Certificate, X509CertificateGenerator, PemConverter, SubjectAlternativeNameExtension } =
    await loadX509()
  const issuer = new X509Certificate(authority.certificate)
  const [pkcs8 = new ArrayBuffer(0)] = PemConverter.decode(authority.privateKey)
  const signingKey = await webcrypto.subtle.importKey('pkcs8', pkcs8, signing, false, ['sign'])
  return {
    ca: authority.certificate,
    async certify() {
      const keys = await webcrypto.subtle.generateKey(signing, true, ['sign', 'verify'])
      const certificate = await X509CertificateGenerator.create({
        subject: 'CN=of a test',
        issuer: issuer.subject,
        publicKey: keys.publicKey,
        signingKey,
        signingAlgorithm: signing,
        notBefore: issuer.notBefore,
        notAfter: issuer.notAfter,
        extensions: [new SubjectAlternativeNameExtension([{ type: 'ip', value: '127.0.0.1' }])],
      })
      const key = await webcrypto.subtle.exportKey('pkcs8', keys.privateKey)
      return { cert: certificate.toString('pem'), key: PemConverter.encode(key, 'PRIVATE KEY') }
    },
  }
}

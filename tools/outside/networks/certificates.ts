import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** A certificate of `localhost` and the authority that vouches for it, which nobody knows who is not told. */
export interface Certificates extends Disposable {
  /** The authority's certificate, as a file for `NODE_EXTRA_CA_CERTS`. */
  readonly authorityFile: string
  readonly key: Buffer
  readonly certificate: Buffer
}

/** Makes certificates with OpenSSL, good for a day. */
export function makeCertificates(): Certificates {
  const folder = mkdtempSync(join(tmpdir(), 'behalf-certificates-'))
  const openssl = (...args: readonly string[]): void => {
    execFileSync('openssl', args, { cwd: folder, stdio: ['ignore', 'ignore', 'pipe'] })
  }
  const newKey = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-subj']
  openssl('req', '-x509', ...newKey, '/CN=Private CA', '-keyout', 'ca.key', '-out', 'ca.pem', '-days', '1')
  openssl('req', ...newKey, '/CN=localhost', '-keyout', 'key.pem', '-out', 'request.pem')
  writeFileSync(join(folder, 'names'), 'subjectAltName=DNS:localhost')
  const authority = [
    '-CA',
    'ca.pem',
    '-CAkey',
    'ca.key',
    '-CAcreateserial',
    '-days',
    '1',
    '-extfile',
    'names',
  ]
  openssl('x509', '-req', '-in', 'request.pem', '-out', 'certificate.pem', ...authority)
  return {
    authorityFile: join(folder, 'ca.pem'),
    key: readFileSync(join(folder, 'key.pem')),
    certificate: readFileSync(join(folder, 'certificate.pem')),
    [Symbol.dispose]: () => rmSync(folder, { recursive: true, force: true }),
  }
}

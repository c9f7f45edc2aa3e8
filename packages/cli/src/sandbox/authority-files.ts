import { existsSync } from 'node:fs'
import { mkdir, writeFile } from 'node:fs/promises'
import { homedir } from 'node:os'
import { dirname, join, resolve } from 'node:path'
import type { CertificateAuthority } from '@behalf/sandbox'
import { writeNewFile, writePrivateFile } from '../files/new-file.ts'
import { readNamedFile } from '../files/read-file.ts'
import { UsageError } from '../terminal/command.ts'

/** An authority, and the file with its certificate, for clients to trust. */
export interface PlacedAuthority {
  readonly authority: CertificateAuthority
  readonly file: string
}

/**
 * Finds the authority of a folder, or makes it there, once: whoever trusts it goes on to. Of one that was given, as in a
 * seed, only the certificate is written.
 *
 * @param folder - default: the user's own
 */
export async function placeAuthority(
  folder: string | undefined,
  given: CertificateAuthority | undefined,
  env: Readonly<Record<string, string | undefined>>,
): Promise<PlacedAuthority> {
  const certificate = authorityFile(folder, given, env)
  const path = dirname(certificate)
  await mkdir(path, { recursive: true })
  if (given !== undefined) {
    await writeFile(certificate, given.certificate)
    return { authority: given, file: certificate }
  }
  const files = { certificate, privateKey: join(path, 'ca-key.pem') }
  const [hasCertificate, hasKey] = [existsSync(files.certificate), existsSync(files.privateKey)]
  if (hasCertificate !== hasKey)
    throw new UsageError(
      `${path} holds ${hasKey ? 'ca-key.pem without ca.pem' : 'ca.pem without ca-key.pem'}; delete it, and both are made anew`,
    )
  if (!hasKey) {
    const { createCertificateAuthority } = await import('@behalf/sandbox')
    const made = await createCertificateAuthority()
    await writePrivateFile(files.privateKey, made.privateKey)
    await writeNewFile(files.certificate, made.certificate)
  }
  const authority = {
    certificate: await readNamedFile(files.certificate),
    privateKey: await readNamedFile(files.privateKey),
  }
  return { authority, file: files.certificate }
}

/** Returns the file with the certificate of an authority; see {@link placeAuthority}. */
export function authorityFile(
  folder: string | undefined,
  given: CertificateAuthority | undefined,
  env: Readonly<Record<string, string | undefined>>,
): string {
  const path = folder ?? join(env['XDG_DATA_HOME'] || join(homedir(), '.local', 'share'), 'behalf')
  return resolve(path, given === undefined ? 'ca.pem' : 'seed-ca.pem')
}

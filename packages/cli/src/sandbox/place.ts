import type { CertificateAuthority, Seed } from '@behalf/sandbox'

/** Where a sandbox listens, and whether it speaks TLS. */
export interface Place {
  readonly port: number
  readonly host: string | undefined
  readonly tls: boolean
  /** The authority that the seed has. */
  readonly authority: CertificateAuthority | undefined
}

const sandboxPort = 8090

/** Returns the place that options name, else that of the seed. */
export function placeOf(
  options: { readonly port: number | undefined; readonly host: string | undefined; readonly tls: boolean },
  seed: Seed,
): Place {
  return {
    port: options.port ?? seed.port ?? sandboxPort,
    host: options.host ?? seed.host,
    tls: options.tls || seed.tls !== undefined,
    authority: seed.tls?.authority,
  }
}

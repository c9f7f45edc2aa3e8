import * as v from 'valibot'
import { object, optional, type Shape, text } from '../../shape/shape.ts'
import { faultOfAuthority } from '../../tls/host-certificates.ts'
import type { TlsOptions } from '../sandbox-options.ts'

/** How the org speaks TLS. */
export const tls: Shape<TlsOptions> = object({
  authority: optional(
    v.pipe(
      object({ certificate: text, privateKey: text }),
      v.rawCheck(({ dataset, addIssue }) => {
        const message = dataset.typed ? faultOfAuthority(dataset.value) : undefined
        if (message !== undefined) addIssue({ message })
      }),
    ),
  ),
})

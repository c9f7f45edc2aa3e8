import type { ConfigFault } from '../errors/config-error.ts'
import { secretFile } from '../secrets/secret-file.ts'
import type { SecretSource } from '../secrets/secret-source.ts'
import { withoutLineEnd } from '../secrets/stored-text.ts'
import type { HookVariables } from './hook-variables.ts'

type VariableName = keyof HookVariables

/** A secret, and the variable that named it. */
export interface NamedSecret {
  readonly variable: VariableName
  readonly secret: string | SecretSource
}

/** The secret of a variable, verbatim but for a line break at its end, or of the file that the other names. */
export function readSecret(
  environment: Readonly<Record<string, string | undefined>>,
  variable: VariableName,
  fileVariable: VariableName,
  faults: ConfigFault[],
): NamedSecret | undefined {
  const text = environment[variable]
  const file = environment[fileVariable]
  if (file === undefined) return text === undefined ? undefined : { variable, secret: withoutLineEnd(text) }
  if (text !== undefined)
    faults.push({ path: fileVariable, problem: `is set beside ${variable}; leave one out` })
  if (file.trim() === '')
    faults.push({ path: fileVariable, problem: 'is empty; leave it out, or name a file' })
  return { variable: fileVariable, secret: secretFile(file) }
}

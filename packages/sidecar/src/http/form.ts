import type { Result } from '@behalf/core'
import { fail, pass } from '@behalf/core/internal'
import type { HttpCall } from './call.ts'

/** The parameters of a request, in all their values; those without a value are as if they were not there. */
export type Parameters = ReadonlyMap<string, readonly string[]>

/** Why there are no parameters, and the status that says so. */
export interface FormFault {
  readonly status: 400 | 413
  readonly problem: string
}

/**
 * Reads the parameters of a token request from its body.
 *
 * @see https://www.rfc-editor.org/rfc/rfc6749#section-3.2
 */
export async function readForm(call: HttpCall, maxBytes: number): Promise<Result<Parameters, FormFault>> {
  if (!isForm(call.header('content-type')))
    return fail({ status: 400, problem: 'the body must be application/x-www-form-urlencoded in UTF-8' })
  const body = await call.readBody(maxBytes)
  if (!body.ok)
    return fail({ status: body.fault === 'too large' ? 413 : 400, problem: `the body is ${body.fault}` })
  const parameters = new Map<string, string[]>()
  for (const [name, value] of new URLSearchParams(body.value)) {
    const values = parameters.get(name)
    if (values === undefined) parameters.set(name, [value])
    else values.push(value)
  }
  return pass(parameters)
}

function isForm([type = '', ...others]: readonly string[]): boolean {
  return others.length === 0 && /^application\/x-www-form-urlencoded *(; *charset="?utf-8"? *)?$/i.test(type)
}

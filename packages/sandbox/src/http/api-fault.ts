import { createIdentifier } from '../org/identifier.ts'
import type { JsonObject } from '../org/json.ts'

/** Okta's error codes that the org uses, with their HTTP status. */
const statusOfCode = {
  E0000001: 400,
  E0000003: 400,
  E0000005: 401,
  E0000006: 403,
  E0000007: 404,
  E0000009: 500,
  E0000011: 401,
  E0000022: 405,
  E0000029: 400,
  E0000047: 429,
  E0000056: 403,
} as const

/** One of Okta's error codes. */
export type ApiFaultCode = keyof typeof statusOfCode

/** An answer of the management API that is an error. */
export class ApiFault extends Error {
  readonly code: ApiFaultCode
  readonly status: number
  readonly causes: readonly string[]

  constructor(code: ApiFaultCode, summary: string, causes: readonly string[] = []) {
    super(summary)
    this.code = code
    this.status = statusOfCode[code]
    this.causes = causes
  }

  /** Okta's error body. */
  get body(): JsonObject {
    return {
      errorCode: this.code,
      errorSummary: this.message,
      errorLink: this.code,
      errorId: createIdentifier('oae', 24),
      errorCauses: this.causes.map((errorSummary) => ({ errorSummary })),
    }
  }
}

/** Returns the fault of a document with wrong members. */
export function invalid(member: string, expectation: string): ApiFault {
  return new ApiFault('E0000001', `Api validation failed: ${member}`, [`${member}: ${expectation}`])
}

/** Returns the fault of a resource that does not exist. */
export function notFound(id: string, type: string): ApiFault {
  return new ApiFault('E0000007', `Not found: Resource not found: ${id} (${type})`)
}

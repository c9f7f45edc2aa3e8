/**
 * Writes docs/reference/errors.md from the table of error codes: `node tools/reference/errors.ts`.
 * A test holds the file to the table.
 */
import { writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import {
  type ErrorClass,
  errorTable,
  isErrorCode,
  type Remedy,
} from '../../packages/core/src/errors/codes.ts'
import type { ErrorCode } from '../../packages/core/src/errors/error-code.ts'

/** The file that the table is written to. */
export const errorReferencePath: string = fileURLToPath(
  new URL('../../docs/reference/errors.md', import.meta.url),
)

const classes: Readonly<Record<ErrorClass, string>> = {
  caller: 'The caller of the hook is not Okta.',
  request: 'What the hook was sent is not an exchange, or not one assertion.',
  assertion: "The user's token that API A presents cannot be exchanged.",
  permission: 'The assertion is good, but this client may not act for this user in this way.',
  availability: 'Something that the decision needs was not there in time.',
  internal: 'The hook itself is at fault.',
  exchange: 'API A did not obtain a delegated token.',
  token: 'API B does not accept the token that it was sent.',
}

const remedies: Readonly<Record<Remedy, string>> = {
  operator: 'whoever operates and configures the hook, the API or the Okta org',
  client: 'whoever writes the client that made the request',
  user: 'the user, by signing in again',
  issuer: "whoever operates the assertion's issuer",
}

/** What the table cannot say of a code: where it is not thrown, and where the circumstances decide. */
const notThrown: readonly ErrorCode[] = ['assertion_rejected']
const retryableByCircumstances: readonly ErrorCode[] = ['token_request_failed']

function describeSentence(code: ErrorCode): string {
  const { sentence } = errorTable[code]
  return notThrown.includes(code) ? `${sentence} (Reserved: nothing throws it.)` : sentence
}

function describeRetryable(code: ErrorCode): string {
  if (retryableByCircumstances.includes(code)) return "as the error's own `retryable` says"
  return errorTable[code].retryable ? 'yes' : 'no'
}

/** The reference of error codes as Markdown. */
export function renderErrorReference(): string {
  const codes = Object.keys(errorTable).filter(isErrorCode)
  const sections = Object.entries(classes).map(([name, meaning]) =>
    [
      `## ${name}`,
      '',
      meaning,
      '',
      '| code | public sentence | who must act | retryable |',
      '|---|---|---|---|',
      ...codes
        .filter((code) => errorTable[code].class === name)
        .map(
          (code) =>
            `| \`${code}\` | ${describeSentence(code)} | ${errorTable[code].remedy} | ${describeRetryable(code)} |`,
        ),
    ].join('\n'),
  )
  return `${[
    '# Error codes',
    '<!-- Written by tools/reference/errors.ts; edit packages/core/src/errors/codes.ts instead. -->',
    `${codes.length} codes in ${sections.length} classes. Codes are stable: none is ever renamed, and a new fault gets a new code. ` +
      'Switch on the code, never on the sentence. The hook answers them as `"<code>: <public sentence>"` in ' +
      '`errorSummary`, followed by ` (decision <id>)`; Okta hands it to the client as `error_description`; the SDKs throw a `BehalfError` with `code`. ' +
      'Neither ever holds a token, a secret or the value of a claim.',
    '**Who must act** for the next attempt to succeed:',
    Object.entries(remedies)
      .map(([remedy, who]) => `- *${remedy}*: ${who}`)
      .join('\n'),
    '**Retryable**: the same request can succeed later without anybody changing anything. Of an error that an SDK ' +
      'throws, its own `retryable` counts: it says the same unless the circumstances decide.',
    ...sections,
  ].join('\n\n')}\n`
}

if (import.meta.main) writeFileSync(errorReferencePath, renderErrorReference())

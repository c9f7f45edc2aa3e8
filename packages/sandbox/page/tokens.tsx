import type { Exchange, JsonObject, ReadableToken } from '@behalf/sandbox'
import type { JSX } from 'preact'
import { Scrollable } from './scrollable.tsx'
import { shortened } from './shortened.ts'

/** What tells most, in the order in which it is read: for whom, by whom, where, for what. */
const foremost = ['sub', 'act', 'aud', 'scp', 'iss', 'cid']

function rankOf(claim: string): number {
  const rank = foremost.indexOf(claim)
  return rank === -1 ? foremost.length : rank
}

/** JWT-A beside JWT-B, claim by claim; what is new is marked, in words. */
export function Tokens({ exchange }: { readonly exchange: Exchange }): JSX.Element | null {
  const { assertion, token } = exchange
  if (assertion === undefined && token === undefined) return null
  const issued = claimsOf(token)
  const sealed = assertion?.kind === 'encrypted'
  const presented = sealed ? isObject(issued['assertion']) : claimsOf(assertion)
  const names = [...new Set([...Object.keys(presented), ...Object.keys(issued)])].toSorted(
    (one, other) => rankOf(one) - rankOf(other),
  )
  const compares = assertion !== undefined
  return (
    <section>
      <h3 id="tokens">Tokens</h3>
      {sealed && (
        <p>
          The assertion is <strong>sealed</strong>: the {assertion.characters} characters in the URL are
          encrypted for the hook (<code>{String(assertion.header['alg'])}</code>,{' '}
          <code>{String(assertion.header['enc'])}</code>, key <code>{String(assertion.header['kid'])}</code>),
          and nobody else can read them, this page included. What stands under JWT-A is what JWT-B says of it.
        </p>
      )}
      {assertion?.kind === 'unreadable' && <p>What came as assertion is no token that can be read.</p>}
      {token?.kind === 'encrypted' && <p>The token that was issued is encrypted: it cannot be read here.</p>}
      {names.length > 0 && (
        <Scrollable label="Claims">
          <table aria-labelledby="tokens">
            <thead>
              <tr>
                <th scope="col">claim</th>
                {compares && <th scope="col">JWT-A, presented</th>}
                <th scope="col">{compares ? 'JWT-B, issued' : 'token'}</th>
              </tr>
            </thead>
            <tbody>
              {names.map((name) => {
                const mark = compares && token?.kind === 'signed' ? markOf(presented[name], issued[name]) : ''
                return (
                  <tr key={name} class={mark}>
                    <th scope="row">
                      <code>{name}</code>
                      {mark !== '' && <span class="mark">{mark}</span>}
                    </th>
                    {compares && <Value name={name} value={presented[name]} />}
                    <Value name={name} value={issued[name]} />
                  </tr>
                )
              })}
            </tbody>
          </table>
        </Scrollable>
      )}
      <p class="faint">
        {[headerLine('JWT-A', assertion), headerLine(compares ? 'JWT-B' : 'The token', token)]
          .filter(Boolean)
          .join(' ')}{' '}
        Signatures are left out.
      </p>
    </section>
  )
}

function Value({ name, value }: { readonly name: string; readonly value: unknown }): JSX.Element {
  if (value === undefined) return <td class="absent">–</td>
  const isTime = typeof value === 'number' && ['exp', 'iat', 'nbf', 'auth_time'].includes(name)
  return (
    <td>
      <code>{shortened(typeof value === 'string' ? value : JSON.stringify(value, null, 1))}</code>
      {isTime && <span class="faint"> {clockTime(value)}</span>}
    </td>
  )
}

function markOf(before: unknown, after: unknown): '' | 'new' | 'changed' {
  if (after === undefined) return ''
  if (before === undefined) return 'new'
  return JSON.stringify(before) === JSON.stringify(after) ? '' : 'changed'
}

function headerLine(title: string, token: ReadableToken | undefined): string {
  return token === undefined || token.kind === 'unreadable'
    ? ''
    : `${title}’s header: ${shortened(JSON.stringify(token.header))}.`
}

function claimsOf(token: ReadableToken | undefined): JsonObject {
  return token?.kind === 'signed' ? token.claims : {}
}

function isObject(value: JsonObject[string]): JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? value : {}
}

function clockTime(seconds: number): string {
  const date = new Date(seconds * 1000)
  return Number.isNaN(date.getTime()) ? '' : date.toISOString().slice(0, 19).replace('T', ' ')
}

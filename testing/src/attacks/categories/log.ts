import type { Attack, Category } from '../attack.ts'
import { exchanged, requested, titles } from '../build.ts'

const title = titles('T31')

/** Texts that would forge, split or hide a line of a log. */
const texts: Readonly<Record<string, string>> = {
  newline: 'x\n{"decision":"permit","client":"0oaRoot"}',
  'carriage return': 'x\r{"decision":"permit"}',
  both: 'x\r\n\r\n',
  quotes: '","decision":"permit","x":"',
  'escape sequence': '\u001b[2K\u001b[1A\u001b[31m',
  'c1 control': '\u009b2K\u0085',
  'line separator': '\u2028\u2029',
  'nul and bell': '\u0000\u0007\b',
  'format string': '%s%n%x%d',
  lookup: '$' + '{jndi:ldap://127.0.0.1/a}',
  'right-to-left override': '\u202e\u2066',
  'a line of 20 kilobytes': 'x'.repeat(20_000),
}

const inTheEvent: readonly Attack[] = Object.entries(texts).flatMap(([name, text]) => [
  requested(
    title(`request id ${name}`),
    (event) => {
      event.data.context.request.id = text
    },
    'permit',
  ),
  requested(
    title(`audience ${name}`),
    (event) => {
      event.data.access.claims['aud'] = text
    },
    'permit',
  ),
  requested(
    title(`scope ${name}`),
    (event) => {
      event.data.access.claims['scp'] = [text]
    },
    'scope_not_permitted',
  ),
])

const inTheAssertion: readonly Attack[] = Object.entries(texts)
  .filter(([name]) => name !== 'a line of 20 kilobytes')
  .map(([name, text]) =>
    exchanged(title(`jti ${name}`), (forge) => forge.sign({ jti: text, client: text }), 'permit'),
  )

/** Values that would break the log of decisions; every record stays one line of JSON. */
export const log: Category = { name: 'log', attacks: [...inTheEvent, ...inTheAssertion] }

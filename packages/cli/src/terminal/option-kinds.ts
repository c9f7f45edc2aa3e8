import { type InsecureHosts, isPartyName, isScopeToken, isTrustworthyUrl } from '@behalf/core/internal'
import { inWords } from './in-words.ts'
import type { OptionUsage, OptionValues } from './usage.ts'

/** How the value of a kind of option is read; undefined when it is none, and what it must be. */
interface OptionKind {
  readonly read: (text: string, insecureHosts: InsecureHosts) => string | number | undefined
  readonly must: string
}

const anyText: OptionKind = { read: (text) => text || undefined, must: 'must not be empty' }

function matching(pattern: RegExp, must: string): OptionKind {
  return { read: (text) => (pattern.test(text) ? text : undefined), must }
}

function number(pattern: RegExp, max: number, must: string): OptionKind {
  return { read: (text) => (pattern.test(text) && Number(text) <= max ? Number(text) : undefined), must }
}

function holding(holds: (text: string, insecureHosts: InsecureHosts) => boolean, must: string): OptionKind {
  return { read: (text, insecureHosts) => (holds(text, insecureHosts) ? text : undefined), must }
}

const kinds: Readonly<Record<Exclude<keyof OptionValues, 'flag' | 'choice'>, OptionKind>> = {
  text: anyText,
  file: anyText,
  folder: anyText,
  port: number(/^\d{1,5}$/, 65_535, 'must be a number from 0 to 65535'),
  milliseconds: number(/^\d{1,6}$/, 600_000, 'must be a number of milliseconds, up to 600000'),
  count: number(/^[1-9]\d{0,3}$/, 9999, 'must be a number from 1 to 9999'),
  'token lifetime': {
    read: (text) =>
      /^\d{1,4}$/.test(text) && Number(text) >= 5 && Number(text) <= 1440 ? Number(text) : undefined,
    must: 'must be a number from 5 to 1440',
  },
  time: {
    read: (text) => {
      const timeMs = Date.parse(text)
      return Number.isNaN(timeMs) ? undefined : timeMs
    },
    must: 'must be a time, e.g. 2026-11-24T09:30:00Z',
  },
  header: matching(/^[\w!#$%&'*+.^`|~-]+$/, 'must be the name of a header'),
  scope: holding(isScopeToken, 'must be one scope without blanks and quotes; repeat it for several'),
  name: holding(isPartyName, 'must be a name without surrounding blanks'),
  issuer: holding(
    (text, insecureHosts) => isTrustworthyUrl(text, insecureHosts) && !text.includes('?'),
    'must be the https URL (http on loopback and INSECURE_HOSTS) of an authorization server',
  ),
  url: holding(isTrustworthyUrl, 'must be an https URL (http on loopback and INSECURE_HOSTS)'),
  'http url': holding(
    (text) => /^https?:$/.test(URL.parse(text)?.protocol ?? ''),
    'must be an http or https URL, such as http://127.0.0.1:8080/inline-hook',
  ),
}

/**
 * Reads the value of an option; what it must be when it is none.
 *
 * @param insecureHosts - what may be spoken to over plain http, besides this machine. Default: nothing.
 */
export function readValue(
  { kind, choices = [] }: OptionUsage,
  text: string,
  insecureHosts: InsecureHosts = new Set(),
): { readonly value: string | number } | { readonly must: string } {
  const { read, must } =
    kind === 'choice'
      ? holding((one) => choices.includes(one), `must be ${inWords(choices)}`)
      : kind === 'flag'
        ? anyText
        : kinds[kind]
  const value = read(text, insecureHosts)
  return value === undefined ? { must } : { value }
}

import type { BehalfConfig } from '@behalf/hook'
import { pathInZip } from './module-location.ts'
import type { PackedFiles } from './packed-files.ts'

const secretName =
  '[\\w$.-]*(?:secret|password|passwd|passphrase|(?:private|api|access|signing|encryption|hmac|shared)[_-]?key|token|credential)s?'
/** A name that is a secret's, and what it is given in so many words. */
const assignment = new RegExp(
  `(?<![\\w$-])(["'\`]?)(${secretName})\\1["'\`\\]]*(?:\\s*:\\s*[\\w<>[\\]| ]+?)?\\s*(?::|=(?![=>])|\\?\\?=?|\\|\\|=?)\\s*(?:\\[\\s*)?(["'\`])((?:(?!\\3)[^\\\\\\n]|\\\\.){8,}?)\\3`,
  'gi',
)
/** The same in files of settings, such as `.env`, INI and YAML, where values need no quotes. */
const setting = new RegExp(
  `^[ \\t]*(?:-[ \\t]+|export[ \\t]+)?()(${secretName})[ \\t]*[:=][ \\t]*()(?!\\$)([^\\s"'\`#]{8,})[ \\t]*\\r?$`,
  'gim',
)
/** What `Authorization` takes, written out, and a password in a URL. */
const authorization = /["'`](?:bearer|basic|ssws|dpop)[ ]+(?=[^"'`]*\d)[\w.~+/=-]{12,}["'`]/gi
const urlPassword = /\b[a-z][a-z\d+.-]*:\/\/[^\s:/?#@"'`]*:[^\s/?#@"'`${}]{4,}@/gi
const privatePem = /-----BEGIN (?:[A-Z]+ )*PRIVATE KEY-----/
/** A member \`d\` of a key, or \`k\` of a symmetric one, in JSON or in a literal. */
const privateMember = /[{,]\s*["']?(?:d|k)["']?\s*:\s*["'][\w-]{16,}["']/
const longEnoughToBeSure = 12

/**
 * Says where secrets would lie in a zip for everybody who can read it: those that the caller may authenticate with, private
 * keys as PEM or JWK, what `Authorization` takes, URLs with a password, and what is given to a name that is a secret's. It names places, never values, and does not find
 * what is put together of parts.
 *
 * @param files - everything that is packed
 * @param sources - what the bundle was made of, but for packages, by path
 */
export function findLiteralSecrets(
  files: PackedFiles,
  sources: Readonly<Record<string, string>>,
  config: BehalfConfig | undefined,
): readonly string[] {
  const packed = Object.entries(files).map(
    ([name, bytes]) => [name, new TextDecoder().decode(bytes)] as const,
  )
  const others = packed.filter(([name]) => name !== 'index.mjs')
  return [
    ...secretsOf(config).flatMap((secret, index) => {
      const [place] = packed.find(([, text]) => holds(text, secret)) ?? []
      return place === undefined ? [] : [`authenticate.secrets[${index}] is written out (in ${place})`]
    }),
    ...Object.entries(sources).flatMap(([path, text]) => findIn(pathInZip(path) ?? path, text)),
    ...others.flatMap(([name, text]) => findIn(name, text)),
  ]
}

function secretsOf(config: BehalfConfig | undefined): readonly string[] {
  const { authenticate } = config ?? {}
  if (typeof authenticate !== 'object' || !('secrets' in authenticate)) return []
  return [authenticate.secrets].flat().map((secret) => (typeof secret === 'string' ? secret : ''))
}

function holds(text: string, secret: string): boolean {
  if (secret === '' || secret.startsWith('arn:')) return false
  const escaped = JSON.stringify(secret)
  return secret.length < longEnoughToBeSure
    ? [escaped, `'${secret}'`, `\`${secret}\``].some((quoted) => text.includes(quoted))
    : [secret, escaped.slice(1, -1)].some((written) => text.includes(written))
}

function findIn(name: string, text: string): readonly string[] {
  const assignments = /\.(?:[cm]?[jt]sx?|json|cedar|cedarschema)$/.test(name)
    ? [assignment]
    : [assignment, setting]
  const named = assignments
    .flatMap((pattern) => [...text.matchAll(pattern)])
    .filter(([, , , , value = '']) => !/:\/\/|^arn:|\$\{|\s/.test(value))
    .map((match) => `${name}:${lineAt(text, match.index)}: ${match[2]} is written out`)
  const placesOf = (pattern: RegExp, what: string): readonly string[] =>
    [...text.matchAll(pattern)].map(({ index }) => `${name}:${lineAt(text, index)}: holds ${what}`)
  const pem = privatePem.exec(text)
  const isKey = /["']?kty["']?\s*:/.test(text)
  const member = isKey ? privateMember.exec(text) : null
  return [
    ...named,
    ...placesOf(authorization, 'what Authorization takes'),
    ...placesOf(urlPassword, 'a URL with a password'),
    ...(pem === null ? [] : [`${name}:${lineAt(text, pem.index)}: holds a private key (PEM)`]),
    ...(member === null ? [] : [`${name}:${lineAt(text, member.index)}: holds a private key (JWK)`]),
  ]
}

function lineAt(text: string, offset: number): number {
  return text.slice(0, offset).split('\n').length
}

import { deflateRawSync } from 'node:zlib'
import { encodePart, signJwt } from '../../signing-key.ts'
import type { Attack, Category } from '../attack.ts'
import { forged, titles } from '../build.ts'
import { type Forge, nonCanonical, partsOf, signParts, signText } from '../forge.ts'

const title = titles('T5')

const extensions: Readonly<Record<string, Record<string, unknown>>> = {
  'crit of exp': { crit: ['exp'], exp: 1 },
  'crit of something unknown': { crit: ['urn:example:unknown'], 'urn:example:unknown': true },
  'crit of b64': { crit: ['b64'], b64: false },
  'crit of b64 true': { crit: ['b64'], b64: true },
  'crit empty': { crit: [] },
  'crit as text': { crit: 'b64' },
  'crit null': { crit: null },
  'crit of a member that is not there': { crit: ['nothing'] },
  'crit of alg': { crit: ['alg'] },
  'b64 false without crit': { b64: false },
}

const critical: readonly Attack[] = Object.entries(extensions).map(([name, header]) =>
  forged(title(name), (forge) => forge.sign({}, header), 'assertion_malformed'),
)

/** Not a JWS in compact serialisation, made from one that is right. */
const shapes: Readonly<Record<string, (token: string) => string>> = {
  'flattened json': (token) => {
    const [header, payload, signature] = partsOf(token)
    return JSON.stringify({ protected: header, payload, signature })
  },
  'general json': (token) => {
    const [header, payload, signature] = partsOf(token)
    return JSON.stringify({ payload, signatures: [{ protected: header, signature }] })
  },
  'one part': (token) => partsOf(token)[1],
  'two parts': (token) => partsOf(token).slice(0, 2).join('.'),
  'four parts': (token) => `${token}.`,
  'six parts': (token) => `${token}.a.b.c`,
  'a dot before': (token) => `.${token}`,
  'no header': (token) => `.${partsOf(token).slice(1).join('.')}`,
  'no payload': (token) => `${partsOf(token)[0]}..${partsOf(token)[2]}`,
  'dots alone': () => '..',
  'padded signature': (token) => `${token}==`,
  'padded payload': (token) => token.replace(/\.(?=[^.]*$)/, '=.'),
  'padded header': (token) => token.replace('.', '=.'),
  'space before': (token) => ` ${token}`,
  'space after': (token) => `${token} `,
  'space inside': (token) => token.replace('.', ' .'),
  'newline after': (token) => `${token}\n`,
  'newline inside': (token) => token.replace('.', '\n.'),
  'tab inside': (token) => token.replace('.', '.\t'),
  'nul after': (token) => `${token}\0`,
  'nul inside the signature': (token) => `${token.slice(0, -4)}\0${token.slice(-4)}`,
  'byte order mark before': (token) => `\ufeff${token}`,
  'no-break space after': (token) => `${token}\u00a0`,
  'full-width dot': (token) => token.replace('.', '\uff0e'),
  'full-width letter': (token) => token.replace('e', '\uff45'),
  'percent encoded dot': (token) => token.replace('.', '%2E'),
  'comma instead of dot': (token) => token.replace('.', ','),
  'scheme before': (token) => `Bearer ${token}`,
  quoted: (token) => `"${token}"`,
  'two tokens': (token) => `${token},${token}`,
  'illegal letter after': (token) => `${token}!`,
  'letters that make no byte': (token) => `${token}AAA`,
  'last bits not canonical': (token) => nonCanonical(token),
  'plus and slash': (token) => {
    const [header, payload, signature] = partsOf(token)
    return `${header}.${payload}.${signature.slice(0, -2)}+/`
  },
}

const shaped: readonly Attack[] = Object.entries(shapes).map(([name, change]) =>
  forged(title(name), (forge) => change(forge.sign()), 'assertion_malformed'),
)

const encrypted: readonly Attack[] = [
  forged(
    title('jwe'),
    () => `${encodePart({ alg: 'RSA-OAEP-256', enc: 'A256GCM', cty: 'JWT' })}.a2V5.aXY.dGV4dA.dGFn`,
    'assertion_encrypted',
  ),
  forged(
    title('jwe with dir'),
    () => `${encodePart({ alg: 'dir', enc: 'A128GCM' })}..aXY.dGV4dA.dGFn`,
    'assertion_encrypted',
  ),
  forged(
    title('compressed jwe'),
    () => `${encodePart({ alg: 'dir', enc: 'A128GCM', zip: 'DEF' })}..aXY.${'A'.repeat(8_000)}.dGFn`,
    'assertion_encrypted',
  ),
]

/** Correctly signed texts that must not be read as JSON objects. */
const texts: Readonly<
  Record<string, (forge: Forge) => readonly [header: string | Buffer, payload: string | Buffer]>
> = {
  'alg twice': (forge) => [`{"alg":"none","kid":"key-1","alg":"RS256"}`, payloadOf(forge)],
  'alg twice, escaped': (forge) => [`{"alg":"RS256","kid":"key-1","\\u0061lg":"none"}`, payloadOf(forge)],
  'kid twice': (forge) => [`{"alg":"RS256","kid":"key-1","kid":"key-1"}`, payloadOf(forge)],
  'sub twice': (forge) => [goodHeader, `${payloadOf(forge).slice(0, -1)},"sub":"eve@example.com"}`],
  'sub twice, escaped': (forge) => [
    goodHeader,
    `${payloadOf(forge).slice(0, -1)},"s\\u0075b":"eve@example.com"}`,
  ],
  'aud twice': (forge) => [goodHeader, `{"aud":"api://c",${payloadOf(forge).slice(1)}`],
  'exp twice': (forge) => [goodHeader, `{"exp":1,${payloadOf(forge).slice(1)}`],
  '__proto__ twice': (forge) => [
    goodHeader,
    `{"__proto__":{},"__proto__":{"a":1},${payloadOf(forge).slice(1)}`,
  ],
  'nested member twice': (forge) => [goodHeader, `{"x":{"a":1,"a":2},${payloadOf(forge).slice(1)}`],
  'header is a list': (forge) => [`[{"alg":"RS256","kid":"key-1"}]`, payloadOf(forge)],
  'header is text': (forge) => [`"RS256"`, payloadOf(forge)],
  'header is null': (forge) => ['null', payloadOf(forge)],
  'header is empty': (forge) => ['', payloadOf(forge)],
  'header with a comment': (forge) => [`{"alg":"RS256",/* */"kid":"key-1"}`, payloadOf(forge)],
  'header with single quotes': (forge) => [`{'alg':'RS256','kid':'key-1'}`, payloadOf(forge)],
  'payload is a list': (forge) => [goodHeader, `[${payloadOf(forge)}]`],
  'payload is text': (forge) => [goodHeader, JSON.stringify(payloadOf(forge))],
  'payload is a number': () => [goodHeader, '1'],
  'payload is null': () => [goodHeader, 'null'],
  'payload is empty': () => [goodHeader, ''],
  'payload is a jwt': (forge) => [goodHeader, forge.sign()],
  'payload with more after it': (forge) => [goodHeader, `${payloadOf(forge)}{}`],
  'payload with a nul after it': (forge) => [goodHeader, `${payloadOf(forge)}\0`],
  'payload with a trailing comma': (forge) => [goodHeader, `${payloadOf(forge).slice(0, -1)},}`],
  'payload cut off': (forge) => [goodHeader, payloadOf(forge).slice(0, -1)],
  'payload with NaN': (forge) => [goodHeader, `{"x":NaN,${payloadOf(forge).slice(1)}`],
  'payload with a number beyond all bounds': (forge) => [
    goodHeader,
    `{"x":1e999,${payloadOf(forge).slice(1)}`,
  ],
  'payload with half a surrogate pair': (forge) => [
    goodHeader,
    `{"x":"\\ud83d",${payloadOf(forge).slice(1)}`,
  ],
  'payload with a name of half a surrogate pair': (forge) => [
    goodHeader,
    `{"\\udc00":1,${payloadOf(forge).slice(1)}`,
  ],
  'payload with a byte order mark': (forge) => [goodHeader, `\ufeff${payloadOf(forge)}`],
  'header with a byte order mark': (forge) => [`\ufeff${goodHeader}`, payloadOf(forge)],
  'payload in utf-16': (forge) => [goodHeader, Buffer.from(payloadOf(forge), 'utf16le')],
  'payload in latin-1': (forge) => [
    goodHeader,
    Buffer.from(`{"x":"\u00e9",${payloadOf(forge).slice(1)}`, 'latin1'),
  ],
  'payload with overlong utf-8': (forge) => [
    goodHeader,
    Buffer.concat([
      Buffer.from('{"x":"'),
      Buffer.from([0xc0, 0xaf]),
      Buffer.from(`",${payloadOf(forge).slice(1)}`),
    ]),
  ],
  'payload compressed': (forge) => [
    `{"alg":"RS256","kid":"key-1","zip":"DEF"}`,
    deflateRawSync(payloadOf(forge)),
  ],
  'payload nested 20 deep': (forge) => [goodHeader, `{"x":${nested(20)},${payloadOf(forge).slice(1)}`],
  'payload nested 4000 deep': (forge) => [goodHeader, `{"x":${nested(4_000)},${payloadOf(forge).slice(1)}`],
  'header nested 4000 deep': (forge) => [
    `{"alg":"RS256","kid":"key-1","x":${nested(4_000)}}`,
    payloadOf(forge),
  ],
  'brackets never closed': () => [goodHeader, '['.repeat(8_000)],
}

const goodHeader = '{"alg":"RS256","kid":"key-1"}'
const payloadOf = (forge: Forge): string => JSON.stringify(forge.claims())
const nested = (depth: number): string => `${'['.repeat(depth)}${']'.repeat(depth)}`

const misread: readonly Attack[] = Object.entries(texts).map(([name, parts]) =>
  forged(title(name), (forge) => signParts(forge.key, ...parts(forge)), 'assertion_malformed'),
)

const unencoded: readonly Attack[] = [
  forged(
    title('payload not encoded', 'RFC 7797 with the payload as it is'),
    (forge) => {
      const header = encodePart({ alg: 'RS256', kid: 'key-1', b64: false, crit: ['b64'] })
      return signText(forge.key, `${header}.${JSON.stringify({ iss: forge.issuer.issuer })}`)
    },
    'assertion_malformed',
  ),
  forged(
    title('signed over standard base64', 'the parts in base64 with padding, signed as they stand'),
    (forge) =>
      signText(
        forge.key,
        `${Buffer.from(goodHeader).toString('base64')}.${Buffer.from(`${payloadOf(forge)}  `).toString('base64')}`,
      ),
    'assertion_malformed',
  ),
]

const large: readonly Attack[] = [
  forged(
    title('seventeen kilobytes', 'a valid token, larger than what is looked at'),
    (forge) => signJwt(forge.key, forge.claims({ x: 'x'.repeat(13_000) })),
    'assertion_too_large',
  ),
  forged(title('a hundred kilobytes of dots'), () => '.'.repeat(100_000), 'assertion_too_large'),
  forged(title('a hundred kilobytes of letters'), () => 'A'.repeat(100_000), 'assertion_too_large'),
]

/** Tokens that two readers could read differently, or that are not signed JWTs in compact form. */
export const serialisation: Category = {
  name: 'serialisation',
  attacks: [...critical, ...shaped, ...encrypted, ...misread, ...unencoded, ...large],
}

import type { Attack, Category } from '../attack.ts'
import { titles } from '../build.ts'
import { basic, beside, exchanging, type SentHeaders } from '../build-sidecar.ts'

const title = titles('T53')
const form = ['Content-Type', 'application/x-www-form-urlencoded'] as const

const pages: Readonly<Record<string, (host: string) => SentHeaders>> = {
  'a page of another origin': (host) => beside(host, ['Origin', 'https://evil.example']),
  'a page without an origin': (host) => beside(host, ['Origin', 'null']),
  'a page of this very origin': (host) => beside(host, ['Origin', `http://${host}`]),
  'an empty origin': (host) => beside(host, ['Origin', '']),
  'an origin in other letters': (host) => beside(host, ['oRIGIN', 'https://evil.example']),
  'a page whose name was made to lead here': () => [['Host', 'evil.example'], form],
  'the right host after another': (host) => [['Host', 'evil.example'], ['Host', host], form],
  'another host after the right one': (host) => [['Host', host], ['Host', 'evil.example'], form],
}

/** What a `Host` can look like that is, or is not, this machine by name. */
const otherHosts: readonly string[] = [
  '127.0.0.1.evil.example',
  'localhost.evil.example:80',
  'evil-localhost',
  '127.0.0.1@evil.example',
  'evil.example#127.0.0.1',
  '10.0.0.1',
  '0.0.0.0',
  '[::]',
  '169.254.169.254',
  '127.0.0.1.',
  'localhost.',
  '127.1',
  '2130706433',
  '0x7f.0.0.1',
  '[::ffff:127.0.0.1]',
  '[::1]evil.example',
  '[::1%25lo]',
  '127.0.0.1:80:80',
  '127.0.0.1:port',
  '127.0.0.1, evil.example',
  'localhost\\evil.example',
  '',
]
const hosts: readonly string[] = [
  'localhost',
  'LOCALHOST:8081',
  '127.0.0.1',
  '127.0.0.2:80',
  '[::1]:8081',
  'api-a.localhost',
]

const forwarded: SentHeaders = [
  ['X-Forwarded-For', '203.0.113.7'],
  ['x-forwarded-host', 'sidecar.example'],
  ['Forwarded', 'for=203.0.113.7'],
  ['X-Real-IP', '203.0.113.7'],
  ['Via', '1.1 proxy'],
]

const onLoopback: readonly Attack[] = [
  ...Object.entries(pages).map(([name, headers]) =>
    exchanging(title(name), '403 invalid_request', (_, host) => ({
      headers: headers(host),
    })),
  ),
  ...otherHosts.map((name, index) =>
    exchanging(title(`host ${index}`, `Host: ${name}`), '403 invalid_request', () => ({
      headers: [['Host', name], form],
    })),
  ),
  ...hosts.map((name) =>
    exchanging({ ...title(`this machine as ${name}`), threat: 'control' }, '200', () => ({
      headers: [['Host', name], form],
    })),
  ),
  ...forwarded.map((header) =>
    exchanging(title(`handed on with ${header[0]}`), '403 invalid_request', (_, host) => ({
      headers: beside(host, header),
    })),
  ),
]

const credentials: Readonly<Record<string, SentHeaders>> = {
  none: [],
  'a wrong secret': [basic('gateway:secret-of-the-gatewaz')],
  'a longer secret': [basic('gateway:secret-of-the-gateway0')],
  'the beginning of a secret': [basic('gateway:secret')],
  'an empty secret': [basic('gateway:')],
  'nothing at all': [basic(':')],
  'no colon': [basic('gateway')],
  'a colon more': [basic('gateway::secret-of-the-gateway')],
  'a nul': [basic('gateway:secret-of-the-gateway\0')],
  'a line break': [basic('gateway:secret-of-the-gateway\n')],
  'bytes that are no UTF-8': [basic('gateway:\xff\xfe')],
  "another caller's secret": [basic('gateway:secret-of-other-now')],
  'an unknown caller': [basic('stranger:secret-of-the-gateway')],
  'an unknown caller without a secret': [basic('stranger:')],
  'the name in other letters': [basic('Gateway:secret-of-the-gateway')],
  'a name of the prototype': [basic('__proto__:secret-of-the-gateway')],
  'another name of the prototype': [basic('constructor:')],
  'an escape that is none': [basic('gateway:%zz')],
  'an escaped escape': [basic('gateway:secret%252Dof%252Dthe%252Dgateway')],
  'the right ones twice': [basic('gateway:secret-of-the-gateway'), basic('gateway:secret-of-the-gateway')],
  'the right ones after others': [basic('a:b'), basic('gateway:secret-of-the-gateway')],
  'the secret as a bearer token': [['Authorization', 'Bearer secret-of-the-gateway']],
  'what is no base64': [['Authorization', 'Basic gateway:secret-of-the-gateway']],
  'two in one header': [
    ['Authorization', `${basic('gateway:secret-of-the-gateway')[1]}, ${basic('a:b')[1]}`],
  ],
}
const admitted: readonly string[] = [
  'gateway:secret-of-the-gateway',
  'gateway:secret%2Dof%2Dthe%2Dgateway',
  'g%61teway:secret-of-the-gateway',
  'other:former-secret-of-other',
  'other:secret-of-other-now',
]

const withSecrets: readonly Attack[] = [
  ...Object.entries(credentials).map(([name, headers]) =>
    exchanging(
      title(`credentials: ${name}`),
      '401 invalid_client',
      () => ({ headers: [['Host', 'sidecar.example'], form, ...headers] }),
      'secrets',
    ),
  ),
  exchanging(
    title('credentials in the body'),
    '401 invalid_client',
    () => ({
      headers: [['Host', 'sidecar.example'], form],
      parameters: { client_id: ['gateway'], client_secret: ['secret-of-the-gateway'] },
    }),
    'secrets',
  ),
  exchanging(
    title('credentials in the URL'),
    '401 invalid_client',
    () => ({
      line: 'POST /token?client_id=gateway&client_secret=secret-of-the-gateway',
      headers: [['Host', 'gateway:secret-of-the-gateway@sidecar.example'], form],
    }),
    'secrets',
  ),
  exchanging(
    title('a page that knows the secret'),
    '403 invalid_request',
    () => ({
      headers: [
        ['Host', 'sidecar.example'],
        form,
        ['Origin', 'https://evil.example'],
        basic('gateway:secret-of-the-gateway'),
      ],
    }),
    'secrets',
  ),
  ...admitted.map((text, index) =>
    exchanging(
      { ...title(`the right credentials ${index}`), threat: 'control' },
      '200',
      () => ({ headers: [['Host', 'sidecar.example'], form, basic(text)] }),
      'secrets',
    ),
  ),
]

/** Who asks the token endpoint: whoever is neither on this machine nor known gets nothing, and a web page never. */
export const sidecarCaller: Category = { name: 'sidecar-caller', attacks: [...onLoopback, ...withSecrets] }

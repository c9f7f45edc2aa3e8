import type { Attack, SidecarOutcome } from './attack.ts'
import { goodAssertion, type Title } from './build.ts'
import { delegatedForge } from './forge.ts'
import { callerSecrets, orders, type SidecarSetup } from './setup.ts'
import type { World } from './world.ts'

/** Headers as they are sent, in order; one name may come twice. */
export type SentHeaders = readonly (readonly [name: string, value: string])[]

const form: SentHeaders = [['Content-Type', 'application/x-www-form-urlencoded']]
export const accessTokenType = 'urn:ietf:params:oauth:token-type:access_token'

/** `Basic` credentials. */
export function basic(credentials: string): readonly [string, string] {
  return ['Authorization', `Basic ${Buffer.from(credentials, 'latin1').toString('base64')}`]
}

/** The bytes of one request on a connection of its own, each a character. */
export function requestBytes(line: string, headers: SentHeaders, body = ''): string {
  const lines = [...headers, ['Connection', 'close'] as const].map(([name, value]) => `${name}: ${value}`)
  return [`${line} HTTP/1.1`, ...lines, '', body].join('\r\n')
}

/** What a good request to the token endpoint has, which the exchange of an attack changes. */
export interface ExchangeParts {
  readonly line?: string
  readonly headers?: SentHeaders
  /** Names that are there in place of those of a good request; an empty list takes one out. */
  readonly parameters?: Readonly<Record<string, readonly string[]>>
  /** In place of the whole form. */
  readonly body?: string
}

/** The form of a good request, with changes. */
export function exchangeForm(world: World, changes: ExchangeParts['parameters'] = {}): string {
  const parameters = {
    grant_type: ['urn:ietf:params:oauth:grant-type:token-exchange'],
    subject_token: [goodAssertion(world)],
    subject_token_type: [accessTokenType],
    resource: [orders],
    ...changes,
  }
  return new URLSearchParams(
    Object.entries(parameters).flatMap(([name, values]) =>
      values.map((value): [string, string] => [name, value]),
    ),
  ).toString()
}

/** A request to the token endpoint. */
export function exchanging(
  title: Title,
  sidecar: SidecarOutcome,
  parts: (world: World, host: string) => ExchangeParts,
  sidecarSetup: 'loopback' | 'secrets' = 'loopback',
): Attack {
  const [id = '', [secret = ''] = []] = Object.entries(callerSecrets)[0] ?? []
  return {
    ...title,
    sidecarSetup,
    sidecar(world, host) {
      const { line = 'POST /token', headers, parameters, body } = parts(world, host)
      const sent = body ?? exchangeForm(world, parameters)
      const own: SentHeaders = sidecarSetup === 'secrets' ? [basic(`${id}:${secret}`)] : []
      return requestBytes(
        line,
        [...(headers ?? [['Host', host], ...own, ...form]), ['Content-Length', String(sent.length)]],
        sent,
      )
    },
    expect: { sidecar },
  }
}

/** Headers of a request to the token endpoint that has these besides. */
export function beside(host: string, ...headers: SentHeaders): SentHeaders {
  return [['Host', host], ...form, ...headers]
}

/** What a proxy asks the verify endpoint. */
export interface Question {
  readonly method?: string
  readonly target?: string
  readonly headers?: SentHeaders
}

/** A question of a proxy about a request that has a token which API B accepts. */
export function asking(
  title: Title,
  sidecar: SidecarOutcome,
  question: (world: World) => Question,
  sidecarSetup: Exclude<SidecarSetup, 'loopback' | 'secrets'> = 'nginx',
): Attack {
  return {
    ...title,
    sidecarSetup,
    sidecar(world) {
      const { method = 'GET', target = '/public/x', headers = [] } = question(world)
      const authorization = ['Authorization', `Bearer ${goodDelegated(world)}`] as const
      const own = [['Host', 'behalf'] as const, ...toldBy(sidecarSetup, method, target)]
      const line = sidecarSetup === 'envoy' ? `${method} /verify${target}` : 'GET /verify'
      return requestBytes(line, [...own, authorization, ...headers])
    },
    expect: { sidecar },
  }
}

/** How a proxy says which request it asks about. */
export function toldBy(
  proxy: Exclude<SidecarSetup, 'loopback' | 'secrets'>,
  method: string,
  target: string,
): SentHeaders {
  if (proxy === 'envoy') return []
  return proxy === 'caddy'
    ? [
        ['X-Forwarded-Method', method],
        ['X-Forwarded-Uri', target],
      ]
    : [
        ['X-Original-Method', method],
        ['X-Original-URI', target],
      ]
}

/** A delegated token that API B accepts. */
export function goodDelegated(world: World): string {
  return world.reuse('good delegated', () => delegatedForge(world).sign())
}

import { deepEqual, equal, match, ok } from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { hookEvent, listen, SealingPair, TestIssuer, userClaims } from '@behalf/testing'
import { type EventKind, eventOf } from './events.ts'
import { type clients, LambdaFunction, packFunction } from './function.ts'

type Client = keyof typeof clients

const secret = 'k9Tq-the-secret-registered-at-Okta'
const kinds: readonly EventKind[] = [
  'REST API',
  'HTTP API 1.0',
  'HTTP API 2.0',
  'function URL',
  'ALB',
  'ALB, multi-value',
]

interface HttpResult {
  readonly statusCode: number
  readonly statusDescription?: string
  readonly headers?: Readonly<Record<string, string>>
  readonly multiValueHeaders?: Readonly<Record<string, readonly string[]>>
  readonly body: string
}

/** What is checked of the packed function, on a client of the runtime API. */
export const checks: Readonly<Record<string, (client: Client) => Promise<void>>> = {
  'exchanges and denies for an event of each kind, in the shape that its sender wants': async (client) => {
    await using issuer = await TestIssuer.start()
    await using running = await startFromEnvironment(client, issuer, { HOOK_SECRET: secret })
    equal(issuer.keyFetches, 1, 'the keys are fetched while the function initialises')
    for (const kind of kinds) {
      const permitted = await invoke(running, eventOf(kind, secret, bodyFor(issuer)))
      equal(permitted.statusCode, 200, kind)
      ok(JSON.parse(permitted.body).commands, `${kind}: ${permitted.body}`)
      const denied = await invoke(running, eventOf(kind, 'wrong', bodyFor(issuer)))
      equal(denied.statusCode, 200, kind)
      equal(JSON.parse(denied.body).debugContext.code, 'caller_unauthenticated', kind)
      equal(permitted.statusDescription, kind.startsWith('ALB') ? '200 OK' : undefined, kind)
      if (kind === 'ALB, multi-value') {
        equal(permitted.headers, undefined)
        deepEqual(permitted.multiValueHeaders?.['cache-control'], ['no-store'])
      } else match(permitted.headers?.['content-type'] ?? '', /^application\/json/)
    }
    equal(issuer.keyFetches, 1)
    const records = running.output
      .filter((line) => line.startsWith('{"time"'))
      .map((line) => JSON.parse(line))
    equal(records.length, 2 * kinds.length, 'one line of JSON a decision')
    ok(!running.output.join('').includes(secret), 'no secret in the log')
  },

  'says which version starts with which configuration, and embeds metrics in its log where it is told to':
    async (client) => {
      await using issuer = await TestIssuer.start()
      const environment = { HOOK_SECRET: secret, METRICS_NAMESPACE: 'Behalf/Test' }
      await using running = await startFromEnvironment(client, issuer, environment)
      await invoke(running, eventOf('REST API', secret, bodyFor(issuer)))
      await invoke(running, eventOf('REST API', 'wrong', bodyFor(issuer)))
      const lines = running.output.filter((line) => line.startsWith('{')).map((line) => JSON.parse(line))
      const [stamp, ...others] = lines
      equal(typeof stamp.started.digest, 'string')
      const [first] = others.filter((line) => !('_aws' in line))
      match(first.configured.version, /^\d+\.\d+\.\d+$/)
      match(first.configured.configuration, /^[0-9a-f]{16}$/)
      const decisions = lines.filter((line) => 'decisionId' in line)
      deepEqual(
        decisions.map(({ version, configuration }) => ({ version, configuration })),
        [first.configured, first.configured],
      )
      const embedded = lines.filter((line) => '_aws' in line)
      for (const line of embedded) {
        ok(Math.abs(line._aws.Timestamp - Date.now()) < 60_000, 'a time in milliseconds')
        for (const { Namespace, Dimensions, Metrics } of line._aws.CloudWatchMetrics) {
          equal(Namespace, 'Behalf/Test')
          for (const { Name, Unit } of Metrics) deepEqual([typeof line[Name], Unit], ['number', 'Seconds'])
          for (const name of Dimensions.flat()) equal(typeof line[name], 'string', name)
        }
      }
      const told = embedded.map(({ _aws, ...line }) =>
        Object.entries(line).filter(([name]) => !name.endsWith('.duration')),
      )
      deepEqual(told, [
        [['behalf.outcome', 'ok']],
        [['behalf.decision', 'permit']],
        [
          ['behalf.decision', 'deny'],
          ['behalf.code', 'caller_unauthenticated'],
        ],
      ])
      deepEqual(
        embedded.map(({ _aws }) => _aws.CloudWatchMetrics[0].Dimensions),
        [
          [['behalf.outcome']],
          [['behalf.decision']],
          [['behalf.decision'], ['behalf.decision', 'behalf.code']],
        ],
      )
    },

  'denies every request when the configuration is refused, and says why in the log': async (client) => {
    await using running = await LambdaFunction.start(packFunction(), client, {
      ISSUER: 'https://example.okta.com',
    })
    const result = await invoke(running, eventOf('REST API', secret, '{}'))
    equal(result.statusCode, 200)
    equal(JSON.parse(result.body).debugContext.code, 'internal_error')
    deepEqual(refusedPaths(running), ['AUDIENCE', 'HOOK_SECRET', 'ISSUER_DIALECT'])
  },

  'refuses the variables of sealing where it was packed without': async (client) => {
    await using issuer = await TestIssuer.start()
    const { jwk } = new SealingPair()
    await using running = await startFromEnvironment(client, issuer, {
      HOOK_SECRET: secret,
      SEALING_KEYS: JSON.stringify(jwk),
      SEALING_REQUIRED: 'false',
    })
    const { statusCode, body } = await invoke(running, eventOf('REST API', secret, bodyFor(issuer)))
    deepEqual([statusCode, JSON.parse(body).debugContext.code], [200, 'internal_error'])
    deepEqual(refusedPaths(running), ['SEALING_KEYS', 'SEALING_REQUIRED'])
    ok(!running.output.join('').includes(jwk.d), 'no private key in the log')
  },

  'survives what a policy has left behind, and logs it without its text': async (client) => {
    await using issuer = await TestIssuer.start()
    // Not while it is packed, where a policy is tried.
    const source = `export default {
  issuers: [{ issuer: process.env.USERS, audiences: ['api://a'], dialect: 'okta' }],
  authenticate: { secrets: () => [process.env.HOOK_SECRET] },
  clients: 'any',
  policy: () => {
    if (process.env.AWS_LAMBDA_FUNCTION_NAME !== undefined) {
      void Promise.reject(new Error('ann was left behind'))
      setTimeout(() => { throw new RangeError('ann threw later') })
    }
    return { decision: 'permit' }
  },
}
`
    await using running = await LambdaFunction.start(packFunction(source), client, {
      HOOK_SECRET: secret,
      USERS: issuer.issuer,
    })
    for (let exchange = 0; exchange < 3; exchange++) {
      const { statusCode, body } = await invoke(running, eventOf('REST API', secret, bodyFor(issuer)))
      equal(statusCode, 200)
      ok(JSON.parse(body).commands, body)
    }
    const reports = running.output.filter((line) => line.includes('"event"')).map((line) => JSON.parse(line))
    deepEqual(
      new Set(reports.map(({ event, name }) => `${event} ${name}`)),
      new Set(['unhandledRejection Error', 'uncaughtException RangeError']),
    )
    ok(!running.output.join('').includes('ann '), 'no text of an error in the log')
  },

  'denies in time when the issuer hangs, and serves once it answers': async (client) => {
    await using issuer = await TestIssuer.start()
    issuer.metadataAnswer = () => undefined
    const startedAt = performance.now()
    await using running = await startFromEnvironment(client, issuer, { HOOK_SECRET: secret })
    ok(performance.now() - startedAt < 8_000, 'the initialisation is bounded')
    const denied = await invoke(running, eventOf('REST API', secret, bodyFor(issuer)))
    equal(JSON.parse(denied.body).debugContext.code, 'keys_unavailable')
    issuer.metadataAnswer = undefined
    const until = Date.now() + 10_000
    for (;;) {
      const { body } = await invoke(running, eventOf('REST API', secret, bodyFor(issuer)))
      if (JSON.parse(body).commands !== undefined) return
      ok(Date.now() < until, `not recovered: ${body}`)
    }
  },
}

/** What needs the SDK that Lambda's runtime brings: secrets by ARN, from a service on loopback. */
export const secretChecks: Readonly<Record<string, (client: Client) => Promise<void>>> = {
  'fetches secrets by ARN while it initialises, and anew when a caller does not authenticate': async (
    client,
  ) => {
    await using issuer = await TestIssuer.start()
    let current = secret
    const asked: string[] = []
    await using aws = await startSecretServices((target) => {
      asked.push(target)
      return current
    })
    const arns = {
      'secretsmanager.GetSecretValue': 'arn:aws:secretsmanager:eu-central-1:123456789012:secret:hook-AbCdEf',
      'AmazonSSM.GetParameter': 'arn:aws:ssm:eu-central-1:123456789012:parameter/hook/secret',
    }
    for (const [target, arn] of Object.entries(arns)) {
      asked.length = 0
      current = secret
      await using running = await startFromEnvironment(client, issuer, {
        HOOK_SECRET: arn,
        ...reaching(aws.origin),
      })
      const codeFor = async (presented: string): Promise<string | undefined> =>
        JSON.parse((await invoke(running, eventOf('REST API', presented, bodyFor(issuer)))).body).debugContext
          .code
      equal(await codeFor(secret), undefined, `${arn}: ${running.output.join('\n')}`)
      deepEqual(asked, [target], 'asked once, during the initialisation')
      current = JSON.stringify({ current: 'rotated-secret-0123456789', previous: secret })
      equal(await codeFor('rotated-secret-0123456789'), undefined, 'a rotation is noticed at once')
      current = 'rotated-again-0123456789'
      equal(await codeFor(current), 'caller_unauthenticated', 'the next one after a minute')
      deepEqual(asked, [target, target])
    }
  },

  'opens what was sealed for keys that it fetches by ARN, and publishes their public halves': async (
    client,
  ) => {
    await using issuer = await TestIssuer.start()
    const [current, next] = [new SealingPair('seal-1'), new SealingPair('seal-2')]
    let keys = [current.jwk]
    await using aws = await startSecretServices(() => JSON.stringify({ keys }))
    const environment = {
      HOOK_SECRET: secret,
      SEALING_KEYS: 'arn:aws:secretsmanager:eu-central-1:123456789012:secret:seal-AbCdEf',
      ...reaching(aws.origin),
    }
    await using running = await startFromEnvironment(client, issuer, environment, ['--sealing'])
    const codeFor = async (assertion: string): Promise<string | undefined> => {
      const event = eventOf('HTTP API 2.0', secret, JSON.stringify(hookEvent({ assertion })))
      return JSON.parse((await invoke(running, event)).body).debugContext.code
    }
    const sealedFor = (pair: SealingPair): string =>
      pair.seal({
        assertion: assertionOf(issuer),
        client_id: '0oaApiA',
        aud: hookEvent().data.access.claims['iss'],
        iat: Math.floor(Date.now() / 1000),
        jti: randomUUID(),
      })
    const text = sealedFor(current)
    equal(await codeFor(text), undefined, running.output.join('\n'))
    equal(await codeFor(text), 'seal_replayed')
    equal(await codeFor(assertionOf(issuer)), 'seal_required')
    keys = [next.jwk, current.jwk]
    equal(await codeFor(sealedFor(next)), undefined, 'a new key is found when a seal is for it')
    const asked = { httpMethod: 'GET', path: '/.well-known/jwks.json', headers: {} }
    const published = JSON.parse((await invoke(running, asked)).body).keys
    deepEqual(
      published.map(({ kid, use, d }: Record<string, unknown>) => [kid, use, d]),
      [
        ['seal-2', 'enc', undefined],
        ['seal-1', 'enc', undefined],
      ],
    )
    for (const { jwk } of [current, next])
      ok(!running.output.join('').includes(jwk.d), 'no private key in the log')
  },
}

/** Secrets Manager and Parameter Store, on loopback. */
function startSecretServices(valueFor: (target: string) => string): ReturnType<typeof listen> {
  return listen((request, response) => {
    request.resume().on('end', () => {
      const target = String(request.headers['x-amz-target'])
      const value = valueFor(target)
      const answer =
        target === 'AmazonSSM.GetParameter' ? { Parameter: { Value: value } } : { SecretString: value }
      response.writeHead(200, { 'content-type': 'application/x-amz-json-1.1' }).end(JSON.stringify(answer))
    })
  })
}

/** The variables by which the SDK finds them. */
function reaching(origin: string): Readonly<Record<string, string>> {
  return {
    AWS_ENDPOINT_URL: origin,
    AWS_ACCESS_KEY_ID: 'AKIDEXAMPLE',
    AWS_SECRET_ACCESS_KEY: 'an-example-and-no-key',
  }
}

/** What the function has found wrong with its configuration, by its log. */
function refusedPaths({ output }: LambdaFunction): readonly string[] {
  const refusal = output.find((line) => line.startsWith('{"configurationRefused"')) ?? '{}'
  return JSON.parse(refusal).configurationRefused.faults.map(({ path }: { path: string }) => path)
}

async function startFromEnvironment(
  client: Client,
  issuer: TestIssuer,
  environment: Readonly<Record<string, string>>,
  options: readonly string[] = [],
): Promise<LambdaFunction> {
  return LambdaFunction.start(packFunction(undefined, options), client, {
    ISSUER: issuer.issuer,
    AUDIENCE: 'api://a',
    ...environment,
  })
}

function bodyFor(issuer: TestIssuer): string {
  return JSON.stringify(hookEvent({ assertion: assertionOf(issuer) }))
}

function assertionOf(issuer: TestIssuer): string {
  return issuer.sign(userClaims(Math.floor(Date.now() / 1000)))
}

async function invoke(running: LambdaFunction, event: object): Promise<HttpResult> {
  const invocation = await running.invoke(event)
  if (invocation.kind === 'error') throw new Error(`the function failed: ${JSON.stringify(invocation.error)}`)
  const { result } = invocation
  if (!isHttpResult(result)) throw new Error('the function answered with something that is no HTTP result')
  return result
}

function isHttpResult(value: unknown): value is HttpResult {
  return typeof value === 'object' && value !== null && 'statusCode' in value && 'body' in value
}

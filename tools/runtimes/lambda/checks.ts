import { deepEqual, equal, match, ok } from 'node:assert/strict'
import { hookEvent, listen, TestIssuer, userClaims } from '@behalf/testing'
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

  'denies every request when the configuration is refused, and says why in the log': async (client) => {
    await using running = await LambdaFunction.start(packFunction(), client, {
      ISSUER: 'https://example.okta.com',
    })
    const result = await invoke(running, eventOf('REST API', secret, '{}'))
    equal(result.statusCode, 200)
    equal(JSON.parse(result.body).debugContext.code, 'internal_error')
    const refusal = running.output.find((line) => line.startsWith('{"configurationRefused"')) ?? '{}'
    deepEqual(
      JSON.parse(refusal).configurationRefused.faults.map(({ path }: { path: string }) => path),
      ['AUDIENCE', 'HOOK_SECRET', 'ISSUER_DIALECT'],
    )
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
    await using aws = await listen((request, response) => {
      let text = ''
      request.on('data', (chunk) => {
        text += chunk
      })
      request.on('end', () => {
        asked.push(String(request.headers['x-amz-target']))
        const isParameter = asked.at(-1) === 'AmazonSSM.GetParameter'
        const answer = isParameter ? { Parameter: { Value: current } } : { SecretString: current }
        response.writeHead(200, { 'content-type': 'application/x-amz-json-1.1' }).end(JSON.stringify(answer))
        void text
      })
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
        AWS_ENDPOINT_URL: aws.origin,
        AWS_ACCESS_KEY_ID: 'AKIDEXAMPLE',
        AWS_SECRET_ACCESS_KEY: 'an-example-and-no-key',
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
}

async function startFromEnvironment(
  client: Client,
  issuer: TestIssuer,
  environment: Readonly<Record<string, string>>,
): Promise<LambdaFunction> {
  return LambdaFunction.start(packFunction(), client, {
    ISSUER: issuer.issuer,
    AUDIENCE: 'api://a',
    ...environment,
  })
}

function bodyFor(issuer: TestIssuer): string {
  return JSON.stringify(hookEvent({ assertion: issuer.sign(userClaims(Math.floor(Date.now() / 1000))) }))
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

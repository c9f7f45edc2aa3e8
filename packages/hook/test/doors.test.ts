import {
  allOf,
  askPolicy,
  type ConfigFault,
  configFromEnvironment,
  createHook,
  dangerouslyAcceptAnyCaller,
  rehearse,
} from '@behalf/hook'
import { authzen } from '@behalf/hook/authzen'
import { createAzureHandler } from '@behalf/hook/azure'
import { cedar } from '@behalf/hook/cedar'
import { createFetchHandler } from '@behalf/hook/fetch'
import { createLambdaHandler, startLambda } from '@behalf/hook/lambda'
import { createMutualTlsFetch } from '@behalf/hook/mutual-tls'
import { startNodeServer } from '@behalf/hook/node'
import { createWorker } from '@behalf/hook/workers'
import { readAnswer } from '@behalf/testing/hook'
import { describe, expect, it } from 'vitest'
import { createRefusingHook } from '../src/refusing-hook.ts'

const config = {
  authenticate: dangerouslyAcceptAnyCaller,
  issuers: [{ issuer: 'https://example.okta.com/oauth2/default', audiences: ['api://a'] }],
  clients: 'any',
}
const hook = Reflect.apply(createHook, undefined, [config])
const permit = (): object => ({ decision: 'permit' })

/** What a public function says of arguments that its types would not let through. */
async function refusal(door: (...args: never[]) => unknown, ...args: readonly unknown[]): Promise<string> {
  try {
    await Reflect.apply(door, undefined, args)
  } catch (error) {
    expect(error).toBeInstanceOf(Error)
    return String(error)
  }
  return 'taken'
}

describe.each<readonly [string, (...args: never[]) => unknown, readonly unknown[], readonly string[]]>([
  [
    'createHook',
    createHook,
    [config, { onDecison: permit, clock: 5, fetch: 'f' }],
    ['onDecison', 'clock', 'fetch'],
  ],
  ['createHook', createHook, [{ ...config, issuer: [], client: {} }], ['issuer:', 'client:']],
  ['createHook', createHook, [config, null], ['an object']],
  [
    'createRefusingHook',
    createRefusingHook,
    ['why', { onDecison: permit, clock: 5 }],
    ['onDecison', 'clock'],
  ],
  [
    'startNodeServer',
    startNodeServer,
    [hook, { path: 'inline-hook', prot: 1, port: 65_536, drainDelayMs: -1, host: 5 }],
    ['path', 'prot', 'port', 'drainDelayMs', 'host'],
  ],
  ['startNodeServer', startNodeServer, [undefined, { path: '/hook?x' }], ['the hook', 'path']],
  ['createFetchHandler', createFetchHandler, [hook, { path: 'inline-hook', pth: '/' }], ['path', 'pth']],
  ['createFetchHandler', createFetchHandler, [{}], ['the hook']],
  [
    'createAzureHandler',
    createAzureHandler,
    [hook, { path: '', clok: 1 }],
    ['createAzureHandler', 'path', 'clok'],
  ],
  ['createLambdaHandler', createLambdaHandler, [hook, { clock: {}, path: 'a b' }], ['clock', 'path']],
  ['createWorker', createWorker, [config], ['loadConfig: expected a function']],
  [
    'createWorker',
    createWorker,
    [() => config, { path: 'a b', logs: 1, log: 'x' }],
    ['path', 'logs', 'log:'],
  ],
  [
    'askPolicy',
    askPolicy,
    [{}, undefined, { timeout: 5 }],
    ['policy', 'delegation', 'timeout', 'timeoutMs', 'clock', 'signal'],
  ],
  ['allOf', allOf, [permit, { decide: permit }, 'permit'], ['policies[1]', 'policies[2]']],
  [
    'rehearse',
    rehearse,
    [{ request: {} }, { policy: permit, subjet: 'keep', claim: {} }],
    ['subjet', 'claim'],
  ],
  [
    'createMutualTlsFetch',
    createMutualTlsFetch,
    [{ certificate: undefined, key: 'x', maxConnections: 0 }],
    ['certificate', 'privateKey', 'key:', 'maxConnections'],
  ],
  ['configFromEnvironment', configFromEnvironment, [undefined], ['environment: must be an object']],
  [
    'configFromEnvironment',
    configFromEnvironment,
    [{ ISSUER: 5, AUDIENCE: ['api://a'], CLIENT_IDS: {} }],
    ['ISSUER: must be text', 'AUDIENCE: must be text', 'CLIENT_IDS: must be text'],
  ],
])('%s', (_name, door, args, expected) => {
  it('refuses what it does not know and cannot use, all at once', async () => {
    const said = await refusal(door, ...args)
    expect(said).not.toBe('taken')
    for (const part of expected) expect(said).toContain(part)
  })
})

it.each<
  readonly [string, (options: never) => { readonly faults: readonly { readonly path: string }[] }, object]
>([
  ['cedar', cedar, { policys: 'x', groupClaim: 'y', timeZone: 5 }],
  ['authzen', authzen, { pdp: 'https://pdp.example.com', tokn: 'x', timeout: 5, claims: 7 }],
])('%s keeps all faults of its options, for createHook to refuse them', (_name, policy, options) => {
  const paths = Reflect.apply(policy, undefined, [options]).faults.map(({ path }: ConfigFault) => path)
  const faulty = Object.keys(options).filter((name) => name !== 'pdp')
  expect(paths.toSorted()).toEqual(faulty.map((name) => `policy.${name}`).toSorted())
})

it('startLambda denies everything instead of failing, because a function that does not come up lets tokens through', async () => {
  const lines: string[] = []
  const write = process.stdout.write
  process.stdout.write = (chunk) => lines.push(String(chunk)) > 0
  try {
    const handler = await Reflect.apply(startLambda, undefined, [() => config, { initTimeout: 5, clock: 7 }])
    const { statusCode, body } = await handler({ httpMethod: 'POST', headers: {}, body: '{}' })
    expect(statusCode).toBe(200)
    expect(readAnswer(body).outcome).toBe('internal_error')
  } finally {
    process.stdout.write = write
  }
  expect(JSON.parse(lines[0] ?? '')).toEqual({
    configurationRefused: {
      options: [expect.stringMatching(/^clock: /), expect.stringMatching(/^initTimeout: unknown/)],
    },
  })
})

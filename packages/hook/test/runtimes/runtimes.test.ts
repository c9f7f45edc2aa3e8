import { createFetchHandler } from '@behalf/hook/fetch'
import {
  fetchTarget,
  type HookUnderAttack,
  lambdaRestTarget,
  lambdaTarget,
  nodeTarget,
  startHook,
  World,
} from '@behalf/testing/attacks'
import { readAnswer } from '@behalf/testing/hook'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { cases, lambdaCases, routedCases } from './cases.ts'

describe.each([
  [fetchTarget, [...cases, ...routedCases]],
  [nodeTarget, [...cases, ...routedCases]],
  [lambdaTarget, [...cases, ...lambdaCases]],
  [lambdaRestTarget, [...cases, ...lambdaCases]],
] as const)('on $name', (target, table) => {
  let world: World
  let hook: HookUnderAttack | undefined
  beforeAll(async () => {
    world = await World.start()
    hook = await target.start(world.setup('default'))
  })
  afterAll(async () => {
    await hook?.[Symbol.asyncDispose]()
    await world[Symbol.asyncDispose]()
  })

  it.each(table)('$name: $status $outcome', async ({ call, status, outcome }) => {
    const reply = await hook?.call?.(call(world))
    expect(reply?.status).toBe(status)
    if (outcome === undefined) {
      expect(reply?.body).toBe('')
      if (status === 405) expect(reply?.headers['allow']).toBe('POST')
      return
    }
    expect(reply?.headers).toMatchObject({
      'content-type': 'application/json; charset=utf-8',
      'cache-control': 'no-store',
    })
    const { outcome: answered, errorSummary } = readAnswer(reply?.body ?? '')
    expect(answered).toBe(outcome)
    if (outcome === 'path_unknown') expect(errorSummary).toContain(`came to ${call(world).target})`)
  })
})

describe('a request of the Fetch standard whose body somebody else has read', () => {
  it('is denied, because an exception would let the token through', async () => {
    await using world = await World.start()
    const handle = createFetchHandler(await startHook(world.setup('default')))
    const headers = { authorization: world.secret }
    const request = new Request('http://hook.example/inline-hook', { method: 'POST', headers, body: '{}' })
    const reading = request.text()
    const response = await handle(request)
    await reading
    expect(response.status).toBe(200)
    expect(readAnswer(await response.text()).outcome).toBe('request_malformed')
  })
})

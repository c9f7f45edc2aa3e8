import { configFromEnvironment, createHook } from '@behalf/hook'
import { startLambda } from '@behalf/hook/lambda'
import { sealed } from '@behalf/hook/sealing'
import type { LooseObject } from '@behalf/testing'
import { authenticated, hookSecret } from '@behalf/testing/hook'
import { afterAll, describe, expect, it } from 'vitest'
import { faultsOf } from './config-faults.ts'
import { SealBench } from './seal-bench.ts'

const seals = await SealBench.start()
afterAll(() => seals.close())
const { bench, pair } = seals

describe('the variables of sealing', () => {
  const env = { ISSUER: bench.issuer.issuer, AUDIENCE: 'api://a', HOOK_SECRET: hookSecret }
  const SEALING_KEYS = JSON.stringify(pair.jwk)

  it('configure it where sealed is brought along', async () => {
    const config = configFromEnvironment({ ...env, SEALING_KEYS }, { sealed })
    const hook = createHook(config, { clock: bench.clock })
    expect(await seals.outcome(hook, `assertion=${seals.seal()}`)).toBe('permit')
    const moving = configFromEnvironment({ ...env, SEALING_KEYS, SEALING_REQUIRED: 'false' }, { sealed })
    const bare = authenticated(bench.event())
    expect((await hook.handle(bare)).body).toContain('seal_required')
    expect((await createHook(moving, { clock: bench.clock }).handle(bare)).body).not.toContain('"code"')
  })

  it.each<[LooseObject, boolean, readonly string[]]>([
    [{}, true, ['SEALING_KEYS']],
    [{ SEALING_KEYS, SEALING_REQUIRED: 'no' }, true, ['SEALING_REQUIRED']],
    [{ SEALING_KEYS: 'x' }, true, ['SEALING_KEYS']],
    [{ SEALING_KEYS, SEALING_KEYS_FILE: 'x' }, true, ['SEALING_KEYS_FILE']],
    [{ SEAL_KEYS: SEALING_KEYS }, false, ['SEAL_KEYS']],
    [{ SEALING_KEYS }, false, ['SEALING_KEYS']],
    [{ SEALING_KEYS_FILE: 'x', SEALING_REQUIRED: 'true' }, false, ['SEALING_KEYS_FILE', 'SEALING_REQUIRED']],
  ])('are refused when they are %o (brought along: %s)', (variables, isBrought, paths) => {
    const faults = faultsOf(() =>
      configFromEnvironment(Object({ ...env, ...variables }), isBrought ? { sealed } : {}),
    )
    expect(faults.map(({ path }) => path)).toEqual(paths)
  })

  it('make a function that was packed without sealing deny everything, and say why', async () => {
    const lines: string[] = []
    const variables = { ...env, SEALING_KEYS }
    const handler = await startLambda(() => configFromEnvironment(variables), {
      log: (line) => lines.push(line),
    })
    const body = JSON.stringify(bench.event())
    const headers = { authorization: hookSecret }
    const answer = await handler({ httpMethod: 'POST', path: '/inline-hook', headers, body })
    expect([answer.statusCode, JSON.parse(answer.body).debugContext.code]).toEqual([200, 'internal_error'])
    expect(lines[0]).toMatch(/configurationRefused.*SEALING_KEYS.*--sealing/)
    expect(lines.join()).not.toContain(pair.jwk.d)
  })
})

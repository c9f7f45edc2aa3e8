import { Agent } from 'node:http'
import { startNodeServer } from '@behalf/hook/node'
import {
  callOver,
  catalogue,
  type HookTarget,
  listFailures,
  runAttacks,
  startHook,
} from '@behalf/testing/attacks'
import { expect, test } from 'vitest'
import { withOutsider } from '../outsider.ts'
import { startNginx } from './nginx.ts'

/** The hook behind nginx, which keeps connections to it open. */
const behindNginx: HookTarget = {
  name: 'behind nginx',
  async start(setup) {
    await using stack = new AsyncDisposableStack()
    const hook = await startNodeServer(await startHook(setup), { drainDelayMs: 0, waitedMs: () => 0 })
    stack.defer(() => hook.stop())
    const nginx = stack.use(await startNginx('hook.conf', { hook: new URL(hook.origin).host }))
    const agent = new Agent({ keepAlive: true })
    stack.defer(() => agent.destroy())
    const running = stack.move()
    return {
      // Bytes that are no HTTP are answered by nginx itself.
      call: (call) => callOver(nginx.origin, agent, call),
      [Symbol.asyncDispose]: () => running.disposeAsync(),
    }
  },
}

/** It answers these itself. Okta sends the header once, and who sends it twice is not Okta. */
const refusedByNginx =
  /^(caller|bearer|revocation)\/\S*(twice|right-and-wrong|wrong-and-right)\S* .*found status 400$/

withOutsider({ name: 'nginx', debianPackage: 'nginx', probe: ['nginx', '-v'] }, () => {
  test('the attack catalogue comes out behind it as without it', async () => {
    const results = await runAttacks(catalogue, { hooks: [behindNginx], apis: [] })
    expect(results.length).toBeGreaterThan(100)
    expect(listFailures(results).filter((failure) => !refusedByNginx.test(failure))).toEqual([])
  })
})

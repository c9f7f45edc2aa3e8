import { randomUUID } from 'node:crypto'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { hookEvent, SealingPair, TestIssuer, userClaims } from '@behalf/testing'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { Okta, type Question, secret } from '../../faults/okta.ts'
import { root } from '../../workspace.ts'
import { withOutsider } from '../outsider.ts'
import { build, only } from './manifests.ts'
import { Pod, type PodVolumes } from './pod.ts'
import { type PodTemplate, podOf } from './pod-template.ts'
import { Service } from './service.ts'

const replicas = 3
/** How long a cluster takes to tell all of its machines that an endpoint is gone. */
const lagMs = 2_000
/** Callers that ask at once, each on a connection that is kept alive. */
const callers = 12
const user = 'ann@example.com'

withOutsider(
  {
    name: 'kubectl',
    debianPackage: 'kubernetes-client',
    probe: ['kubectl', 'kustomize', join(root, 'deploy/kubernetes/hook')],
  },
  () => {
    const pair = new SealingPair()
    let issuer: TestIssuer
    let template: PodTemplate
    let volumes: PodVolumes

    beforeAll(async () => {
      issuer = await TestIssuer.start()
      const manifests = build('deploy/kubernetes/hook')
      template = podOf(only(manifests, 'Deployment'))
      const text = String(Object(only(manifests, 'ConfigMap')['data'])['behalf.config.ts'])
      volumes = {
        config: { 'behalf.config.ts': text.replace('https://example.okta.com/oauth2/users', issuer.issuer) },
        secrets: { 'hook-secret': `${secret}\n`, 'sealing-keys.json': JSON.stringify(pair.jwk) },
      }
    })
    afterAll(() => issuer.close())

    /** An exchange as API A has Okta make it, with an assertion that is sealed anew. */
    function exchange(): Question {
      const nowSeconds = Math.floor(Date.now() / 1_000)
      const { iss: aud } = hookEvent().data.access.claims
      const assertion = issuer.sign(userClaims(nowSeconds))
      const payload = { assertion, client_id: '0oaApiA', aud, iat: nowSeconds, jti: randomUUID() }
      const event = hookEvent({
        assertion: pair.seal(payload),
        accessClaims: { aud: 'https://undelegated.invalid' },
      })
      return { user, body: JSON.stringify(event) }
    }

    /** Replaces every pod while callers ask, one more at a time, and says what came of it. */
    async function rollOut(changes: (template: PodTemplate) => PodTemplate = (same) => same) {
      await using stack = new AsyncDisposableStack()
      const rolled = changes(template)
      const start = async (): Promise<Pod> => stack.use(await Pod.start(rolled, volumes))
      const service = stack.use(await Service.start(lagMs))
      const serving = new Set(await Promise.all(Array.from({ length: replicas }, start)))
      const publish = (): void => service.setEndpoints([...serving].map(({ port }) => port))
      publish()
      await sleep(lagMs)

      const okta = new Okta(service.origin)
      stack.defer(() => okta.close())
      let isRolling = true
      const load = Array.from({ length: callers }, async (_, index) => {
        while (isRolling) {
          await okta.ask(exchange())
          await sleep(20 + ((index * 7) % 30))
        }
      })
      const ends: Promise<number | undefined>[] = []
      for (const former of [...serving]) {
        // One more than there were, then one less: `maxSurge` 1, `maxUnavailable` 0.
        serving.add(await start())
        serving.delete(former)
        publish()
        ends.push(former.terminate())
        await sleep(500)
      }
      const exits = await Promise.all(ends)
      await sleep(500)
      isRolling = false
      await Promise.all(load)
      // What Okta would have issued a plain token for. A denial is an answer, and a busy machine may have some.
      const lost = okta.results.filter(({ outcome }) => outcome === 'plain')
      const denied = okta.results.filter(({ outcome }) => outcome === 'refused').map(({ code }) => code)
      return { exchanges: okta.results.length, lost, denied: new Set(denied), exits }
    }

    test('a roll-out under load loses no exchange, and every pod ends by itself in time', async () => {
      const { exchanges, lost, denied, exits } = await rollOut()
      console.log(`${exchanges} exchanges during a roll-out of ${replicas} pods, ${lost.length} lost`)
      expect(lost).toEqual([])
      expect(exchanges).toBeGreaterThan(500)
      expect([...denied].filter((code) => code !== 'overloaded' && code !== 'deadline_exceeded')).toEqual([])
      expect(exits).toEqual(Array(replicas).fill(0))
    }, 120_000)

    test('it would, did the pods not go on serving', async () => {
      const { lost } = await rollOut((same) => ({
        ...same,
        containers: same.containers.map((container) => ({
          ...container,
          args: container.args?.map((arg) => arg.replace(/^--drain-delay=.*/, '--drain-delay=0')),
        })),
      }))
      expect(lost).toContainEqual(expect.objectContaining({ code: expect.stringMatching(/^no answer/) }))
    }, 120_000)
  },
)

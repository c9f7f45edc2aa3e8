import { TestIssuer } from '@behalf/testing'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Case, parseBare } from './case.ts'
import { cpuMillis } from './cpu-time.ts'
import { jsonShapes } from './shapes/json.ts'
import { clientCases } from './subjects/client.ts'
import { hookCases, hookLimits } from './subjects/hook.ts'
import { verifyCases } from './subjects/verify.ts'

/**
 * How much more than parsing a large document of everyday JSON an input may cost. What goes back over its input costs
 * thousands of times as much; `npm run budget` is what holds milliseconds.
 */
const mostTimes = 100

describe('what one input costs', () => {
  let issuer: TestIssuer
  let everydayMs: number
  beforeAll(async () => {
    issuer = await TestIssuer.start()
    const everyday = JSON.stringify(
      Array.from({ length: 4_000 }, (_, index) => ({ id: index, name: `name-${index}` })),
    )
    everydayMs = await cpuMillis(parseBare(everyday), 100)
  })
  afterAll(() => issuer.close())

  const subjects: readonly (readonly [name: string, cases: () => Promise<readonly Case[]>])[] = [
    // The others take long to make; `npm run budget` has them.
    ...hookLimits
      .filter(({ name }) => name === 'default limits')
      .map((limits) => ['the hook', () => hookCases(issuer, limits)] as const),
    ['the verifier', () => verifyCases(issuer)],
    ['the client', async () => clientCases()],
  ]
  it.each(subjects)('is bounded for %s', { timeout: 60_000 }, async (_name, makeCases) => {
    for (const { subject, shape, work } of await makeCases()) {
      const times: number[] = []
      // A garbage collection can fall into one of them, but not into all.
      do times.push((await cpuMillis(work, 1)) / everydayMs)
      while (Math.min(...times) > mostTimes && times.length < 4)
      expect(Math.min(...times), `${subject}: ${shape}`).toBeLessThan(mostTimes)
    }
  })

  it('is tried with more than fifty shapes', () => {
    expect(new Set(jsonShapes.map(({ name }) => name)).size).toBeGreaterThan(50)
  })
})

import { exchange } from './exchange.js'

declare function test(name: string, run: () => Promise<void>): void
declare function expect(value: unknown): { toBe(expected: unknown): void }

test('an exchange', async () => {
  expect(await exchange()).toBe('ann@example.com')
})

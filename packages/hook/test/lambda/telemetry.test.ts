import type { Telemetry } from '@behalf/core'
import type { BehalfConfig } from '@behalf/hook'
import { startLambda } from '@behalf/hook/lambda'
import { expect, it } from 'vitest'

const config: BehalfConfig = {
  authenticate: { secrets: ['hook-secret-0123456789'] },
  issuers: [{ issuer: 'http://127.0.0.1:1/oauth2/default', audiences: ['api://a'] }],
  clients: 'any',
}

it.each([
  ['has no keys yet', () => config, 'unready'],
  [
    'is refused',
    () => {
      throw new Error('no configuration')
    },
    'refusing',
  ],
])('one hook is seen in a function whose configuration %s', async (_, loadConfig, state) => {
  const looks: (() => readonly { readonly value: number; readonly attributes: object }[])[] = []
  const begun: string[] = []
  const telemetry: Telemetry = {
    begin(name) {
      begun.push(name)
      return { within: (work) => work(), end: () => undefined }
    },
    observe(name, read) {
      if (name === 'behalf.hook.hooks') looks.push(read)
    },
  }
  const handler = await startLambda(loadConfig, { telemetry, log: () => undefined })
  const present = looks.flatMap((look) => look()).filter(({ value }) => value > 0)
  expect(present).toEqual([{ value: 1, attributes: { 'behalf.state': state } }])
  await handler({ httpMethod: 'POST', headers: {}, body: '{}' })
  expect(begun).toContain('behalf.hook.exchange')
})

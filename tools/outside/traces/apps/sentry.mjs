import * as Sentry from '@sentry/node'

const kept = []
Sentry.init({
  dsn: 'https://public@sentry.invalid/1',
  tracesSampleRate: 1,
  sendDefaultPii: true,
  transport: () => ({
    send: async (envelope) => {
      kept.push(envelope)
      return {}
    },
    flush: async () => true,
  }),
})

const { serve } = await import('./api-a.mjs')
const refused = await Sentry.startSpan({ name: 'orders' }, serve)
Sentry.captureException(refused)
await Sentry.flush()
console.log(JSON.stringify({ code: refused.code, kept }))

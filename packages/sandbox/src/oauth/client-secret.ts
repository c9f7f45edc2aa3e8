import type { IncomingMessage } from 'node:http'
import type { Org } from '../org/org.ts'

/** Says whether a client that has a secret sends it in the way that its app is registered with. */
export function sendsSecretAsRegistered(
  { apps }: Org,
  { headers }: IncomingMessage,
  form: URLSearchParams,
): boolean {
  const basic = /^Basic (\S+)$/i.exec(headers.authorization ?? '')?.[1]
  const named =
    basic === undefined ? form.get('client_id') : Buffer.from(basic, 'base64').toString().split(':', 1)[0]
  const method = apps.get(named ?? '')?.auth.method
  if (method === 'client_secret_basic') return basic !== undefined
  return method === 'client_secret_post' ? basic === undefined : true
}

import { isIP } from 'node:net'
import { connect } from 'node:tls'
import { type Unreachable, whyUnreachable } from '../../okta/unreachable.ts'
import { type Check, type Finding, failure, ok, skipped, warning } from '../finding.ts'
import { probeHook } from '../hook-probe.ts'

const timeoutMs = 10_000
const daysMs = 24 * 60 * 60 * 1000
const renewWithinDays = 14

/** The hook answers with 200, over TLS that Okta accepts. */
export const checkHookConnection: Check = async (installation) => {
  const { url } = installation.hook
  if (url === undefined) return [skipped('hook', 'no hook was given', 'give --hook')]
  const tls = await checkTls(new URL(url), installation.clock.now())
  const probe = await probeHook(url, {}, installation)
  if (probe.kind === 'none')
    return [
      tls,
      failure(
        'hook reachable',
        `no answer came: ${probe.code}`,
        `${probe.remedy}. Okta issues plain tokens meanwhile, if it has no answer either`,
      ),
    ]
  if (probe.status !== 200)
    return [
      tls,
      failure(
        'hook reachable',
        `it answers ${probe.status}`,
        'every call must be answered with 200; look for a gateway, a path or a redirect in front of the hook. Okta issues plain tokens meanwhile',
      ),
    ]
  return [tls, ok('hook reachable', 'it answers 200')]
}

async function checkTls({ protocol, hostname, port }: URL, nowMs: number): Promise<Finding> {
  const check = 'hook TLS'
  if (protocol !== 'https:')
    return warning(
      check,
      'the hook is called without TLS',
      'Okta calls https only; put TLS in front of the hook',
    )
  const end = await certificateEnd(hostname, Number(port || 443))
  if (typeof end !== 'number')
    return failure(
      check,
      `no trusted connection: ${end.code}`,
      `${end.remedy}. Okta trusts certificates of public authorities for the hook's host alone`,
    )
  const days = Math.floor((end - nowMs) / daysMs)
  const detail = `the certificate is valid for ${days} days`
  return days < renewWithinDays
    ? warning(check, detail, 'renew the certificate; without it Okta issues plain tokens')
    : ok(check, detail)
}

/** When the certificate ends, or why the connection is not trusted. */
function certificateEnd(host: string, port: number): Promise<number | Unreachable> {
  return new Promise((resolve) => {
    const socket = connect({
      host,
      port,
      timeout: timeoutMs,
      ...(isIP(host) === 0 ? { servername: host } : {}),
    })
    const settle = (end: number | Unreachable): void => {
      socket.destroy()
      resolve(end)
    }
    socket.once('secureConnect', () => settle(Date.parse(socket.getPeerCertificate().valid_to)))
    socket.once('error', (error) => settle(whyUnreachable(error)))
    socket.once('timeout', () => settle(whyUnreachable({ name: 'TimeoutError' })))
  })
}

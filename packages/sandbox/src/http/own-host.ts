import type { IncomingMessage } from 'node:http'

/**
 * Says whether a request was meant for this org: its `Host` is the org's own, a name of the loopback, or the very
 * address that was connected to. Any other name may be one that an attacker's DNS points here.
 *
 * @param url - where the org is
 */
export function isForOwnHost({ headers, socket }: IncomingMessage, url: string): boolean {
  const asked = hostOf(headers.host)
  if (asked === undefined) return false
  return isOwnName(asked, url) || asked === hostOf(addressHost(socket.localAddress))
}

/** Says whether a name, as `URL` spells it, is the org's own or one of the loopback. */
export function isOwnName(name: string, url: string): boolean {
  return name === new URL(url).hostname || isLoopbackName(name)
}

function hostOf(host: string | undefined): string | undefined {
  return host === undefined || /[/?#@\\]/.test(host) ? undefined : URL.parse(`http://${host}`)?.hostname
}

/** `127.0.0.0/8`, `[::1]`, `localhost` and what is below it: no DNS of others decides about these. */
function isLoopbackName(host: string): boolean {
  return (
    host === 'localhost' ||
    host.endsWith('.localhost') ||
    host === '[::1]' ||
    /^127\.\d+\.\d+\.\d+$/.test(host)
  )
}

function addressHost(address = ''): string {
  const ipv4 = address.replace(/^::ffff:(?=\d+\.)/, '')
  return ipv4.includes(':') ? `[${ipv4}]` : ipv4
}

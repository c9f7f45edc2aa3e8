import { connect } from 'node:net'
import { type LoopbackServer, listen } from '@behalf/testing'

/** A proxy that tunnels with `CONNECT`, and remembers where to. */
export interface Proxy extends LoopbackServer {
  readonly tunnels: readonly string[]
}

/** Starts a proxy; whatever is asked for, it tunnels to the same port of loopback. */
export async function startProxy(): Promise<Proxy> {
  const tunnels: string[] = []
  const running = await listen((_request, response) => response.writeHead(501).end())
  running.server.on('connect', (request, socket) => {
    tunnels.push(request.url ?? '')
    const onward = connect(Number(request.url?.split(':')[1]), '127.0.0.1', () => {
      socket.write('HTTP/1.1 200 Connection Established\r\n\r\n')
      onward.pipe(socket)
      socket.pipe(onward)
    })
    for (const [end, other] of [
      [socket, onward],
      [onward, socket],
    ] as const) {
      end.on('error', () => other.destroy())
      end.on('close', () => other.destroy())
    }
  })
  return { ...running, tunnels }
}

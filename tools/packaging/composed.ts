import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { generateKeyPairSync } from 'node:crypto'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import process from 'node:process'
import { createInterface } from 'node:readline'
import { parse } from 'yaml'
import { freePort } from '../free-port.ts'
import { withThisNode } from './first-run.ts'

interface Service {
  readonly command: readonly string[]
  readonly environment?: Readonly<Record<string, string>>
  readonly network_mode?: string
}

/** What each says once it serves. */
const ready: Readonly<Record<string, RegExp>> = {
  org: /the sandbox listens on/,
  hook: /the hook listens on/,
  'api-b': /api-b: listening on/,
  'api-a': /api-a: listening on/,
}

/**
 * Starts what `compose.yaml` of a new project names as compose would, but for the containers: they share one network, so on
 * this machine's loopback they find each other just so. A user then gets an answer from API B through API A.
 *
 * @throws Error when a service ends, shares no network with the others, or the answer is another
 */
export async function tryComposed(folder: string): Promise<void> {
  const { text, ports } = await movePorts(readFileSync(join(folder, 'compose.yaml'), 'utf8'))
  const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  const key = { ...privateKey.export({ format: 'jwk' }), kid: 'test', alg: 'ECDH-ES', use: 'enc' }
  const { services }: { readonly services: Readonly<Record<string, Service>> } = parse(text)
  const running: ChildProcess[] = []
  try {
    for (const [name, said] of Object.entries(ready)) {
      const service = services[name]
      if (service === undefined) throw new Error(`compose.yaml has no ${name}`)
      if (name !== 'org' && service.network_mode !== 'service:org')
        throw new Error(`${name} has a network of its own`)
      running.push(await start(name, service, said, folder, JSON.stringify(key)))
    }
    const login = 'alice@example.com'
    const sandbox = `http://127.0.0.1:${ports.get('8090')}`
    const { stdout: token } = spawnSync(
      'npx',
      ['behalf', 'token', '--server', 'users', '--sandbox', sandbox, login],
      { cwd: folder, env: withThisNode(), encoding: 'utf8' },
    )
    const answer = await fetch(`http://127.0.0.1:${ports.get('3001')}/orders`, {
      headers: { authorization: `Bearer ${token.trim()}` },
    })
    const body = await answer.text()
    if (!body.includes(`"ordersOf":"${login}"`)) throw new Error(`API A answered ${answer.status}: ${body}`)
  } finally {
    for (const child of running.toReversed()) {
      const ended = once(child, 'close')
      process.kill(-(child.pid ?? Number.NaN), 'SIGTERM')
      await ended
    }
  }
}

/** To ports that nobody has, everywhere in the file. */
async function movePorts(
  compose: string,
): Promise<{ readonly text: string; readonly ports: ReadonlyMap<string, number> }> {
  const ports = new Map<string, number>()
  for (const port of ['8090', '8080', '3001', '3002']) ports.set(port, await freePort())
  return { text: compose.replaceAll(/\b(?:8090|8080|3001|3002)\b/g, (port) => `${ports.get(port)}`), ports }
}

async function start(
  name: string,
  { command, environment = {} }: Service,
  said: RegExp,
  cwd: string,
  sealingKeys: string,
): Promise<ChildProcess> {
  const [file = '', ...args] = command
  const env = Object.fromEntries(
    Object.entries(environment).map(([variable, value]) => [
      variable,
      /^\$\{SEALING_KEYS:\?/.test(value) ? sealingKeys : `${value}`,
    ]),
  )
  const child = spawn(file, args, {
    cwd,
    env: { PATH: withThisNode()['PATH'] ?? '', HOME: process.env['HOME'] ?? '', ...env },
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const printed: string[] = []
  const serving = new Promise<void>((resolve, reject) => {
    for (const stream of [child.stdout, child.stderr])
      createInterface({ input: stream }).on('line', (line) => {
        printed.push(line)
        if (said.test(line)) resolve()
      })
    child.once('close', () => reject(new Error(`${name} has ended:\n${printed.join('\n')}`)))
  })
  await serving
  return child
}

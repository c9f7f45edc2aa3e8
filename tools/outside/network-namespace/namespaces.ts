import { type ChildProcess, execFileSync, spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync, rmSync, writeFileSync } from 'node:fs'
import process from 'node:process'
import { createInterface } from 'node:readline'

/** A machine of its own, as far as the network goes. */
export interface Machine {
  /** Runs a program to its end. */
  run(
    command: readonly string[],
    env?: Readonly<Record<string, string>>,
  ): Promise<{ readonly code: number; readonly output: string }>
  /** Starts a program; resolves with the line that fits. It is stopped with the machine. */
  start(command: readonly string[], ready: RegExp, env?: Readonly<Record<string, string>>): Promise<string>
}

/** Two machines that reach nothing but each other, by name. */
export interface Network extends AsyncDisposable {
  readonly sandbox: Machine
  readonly app: Machine
}

const addresses = { sandbox: '10.77.0.1', app: '10.77.0.2' } as const

/** Says why no network namespace can be made here; undefined when one can. */
export function whyNotPermitted(): string | undefined {
  const name = `behalf-${process.pid}-probe`
  const { status, stderr } = spawnSync('ip', ['netns', 'add', name], { encoding: 'utf8' })
  if (status !== 0) return stderr.trim()
  const tried = spawnSync('ip', ['netns', 'exec', name, 'true'], { encoding: 'utf8' })
  ip('netns', 'del', name)
  return tried.status === 0 ? undefined : tried.stderr.trim()
}

/** Makes the machines, and the cable between them. */
export function connectMachines(): Network {
  const children: ChildProcess[] = []
  const names = { sandbox: `behalf-${process.pid}-sandbox`, app: `behalf-${process.pid}-app` }
  const hosts = `127.0.0.1 localhost\n${addresses.sandbox} sandbox\n${addresses.app} app hook\n`
  for (const name of Object.values(names)) {
    ip('netns', 'add', name)
    // `ip netns exec` puts it in the place of /etc/hosts.
    mkdirSync(`/etc/netns/${name}`, { recursive: true })
    writeFileSync(`/etc/netns/${name}/hosts`, hosts)
  }
  ip('link', 'add', 'cable', 'netns', names.sandbox, 'type', 'veth', 'peer', 'cable', 'netns', names.app)
  for (const role of ['sandbox', 'app'] as const) {
    ip('-n', names[role], 'addr', 'add', `${addresses[role]}/24`, 'dev', 'cable')
    ip('-n', names[role], 'link', 'set', 'cable', 'up')
    ip('-n', names[role], 'link', 'set', 'lo', 'up')
  }
  const machine = (name: string): Machine => {
    const begin = (command: readonly string[], env: Readonly<Record<string, string>> = {}): ChildProcess => {
      const child = spawn('ip', ['netns', 'exec', name, ...command], {
        env: { PATH: process.env['PATH'] ?? '', ...env },
        stdio: ['ignore', 'pipe', 'pipe'],
      })
      children.push(child)
      return child
    }
    return {
      async run(command, env) {
        const child = begin(command, env)
        let output = ''
        for (const stream of [child.stdout, child.stderr])
          stream?.setEncoding('utf8').on('data', (text: string) => {
            output += text
          })
        const [code] = await once(child, 'close')
        return { code: Number(code), output }
      },
      async start(command, ready, env) {
        const child = begin(command, env)
        const printed: string[] = []
        return new Promise((resolve, reject) => {
          for (const stream of [child.stdout, child.stderr]) {
            if (stream === null) continue
            createInterface({ input: stream }).on('line', (line) => {
              printed.push(line)
              if (ready.test(line)) resolve(line)
            })
          }
          child.once('close', () => reject(new Error(`it ended: ${printed.join('\n')}`)))
        })
      },
    }
  }
  return {
    sandbox: machine(names.sandbox),
    app: machine(names.app),
    async [Symbol.asyncDispose]() {
      const running = children.filter(({ exitCode, signalCode }) => exitCode === null && signalCode === null)
      await Promise.all(
        running.map((child) => {
          const ended = once(child, 'close')
          child.kill('SIGKILL')
          return ended
        }),
      )
      for (const name of Object.values(names)) {
        ip('netns', 'del', name)
        rmSync(`/etc/netns/${name}`, { recursive: true })
      }
    },
  }
}

function ip(...args: readonly string[]): void {
  execFileSync('ip', args, { stdio: ['ignore', 'ignore', 'inherit'] })
}

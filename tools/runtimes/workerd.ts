import { mkdirSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { folder } from './bundle.ts'
import { Program } from './program.ts'

const binary = fileURLToPath(new URL('node_modules/workerd/bin/workerd', import.meta.url))

/** A Worker that `workerd` serves on a free port of loopback; it may call loopback and nothing else. */
export class WorkerdServer implements AsyncDisposable {
  readonly origin: string
  readonly #program: Program

  private constructor(program: Program, port: string) {
    this.#program = program
    this.origin = `http://127.0.0.1:${port}`
  }

  /** @param variables - what the Worker finds in its `env` */
  static async start(module: string, variables: Readonly<Record<string, string>>): Promise<WorkerdServer> {
    mkdirSync(folder, { recursive: true })
    const file = `${folder}${module}.capnp`
    writeFileSync(file, configOf(module, variables))
    // Where it listens is written to file descriptor 3.
    const program = new Program(['sh', '-c', `exec "$0" serve "$1" --control-fd=1`, binary, file])
    const port = await program.line(/"event":\s*"listen".*"port":\s*(\d+)/)
    return new WorkerdServer(program, port)
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#program[Symbol.asyncDispose]()
  }
}

function configOf(module: string, variables: Readonly<Record<string, string>>): string {
  const bindings = Object.entries(variables).map(
    ([name, value]) => `( name = "${name}", text = ${JSON.stringify(value)} )`,
  )
  return `using Workerd = import "/workerd/workerd.capnp";
const config :Workerd.Config = (
  services = [
    ( name = "main", worker = .worker ),
    ( name = "internet", network = ( allow = ["127.0.0.1/32"] ) ),
  ],
  sockets = [ ( name = "http", address = "127.0.0.1:0", http = (), service = "main" ) ],
);
const worker :Workerd.Worker = (
  modules = [ ( name = "${module}", esModule = embed "${module}" ) ],
  bindings = [ ${bindings.join(', ')} ],
  compatibilityDate = "2026-11-01",
  compatibilityFlags = ["nodejs_compat"],
);
`
}

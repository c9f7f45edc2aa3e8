import { execFileSync } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { unzipSync } from 'fflate'
import { Program } from '../program.ts'
import { type Invocation, RuntimeApi } from './runtime-api.ts'

const path = (relative: string): string => fileURLToPath(new URL(relative, import.meta.url))
const interfaceClient = path('node_modules/aws-lambda-ric/index.mjs')

/** What loads the handler and talks to the runtime API: AWS's own client where it is installed. */
export const clients: Readonly<Record<'aws-lambda-ric' | 'bootstrap', readonly string[]>> = {
  'aws-lambda-ric': [process.execPath, interfaceClient, 'index.handler'],
  bootstrap: [process.execPath, path('bootstrap.mjs')],
}

/** Whether AWS's own client is installed and built. */
export function hasInterfaceClient(): boolean {
  return existsSync(interfaceClient) && existsSync(path('node_modules/aws-lambda-ric/rapid-client.node'))
}

/**
 * Packs the hook with the command line and unpacks the zip into an empty folder.
 *
 * @param config - the configuration, or the text of its module
 * @param options - what is asked of the command line besides
 */
export function packFunction(config?: string | PackedConfig, options: readonly string[] = []): string {
  const folder = mkdtempSync(join(tmpdir(), 'behalf-function-'))
  const source = join(folder, 'source')
  mkdirSync(source)
  if (config !== undefined) {
    writeFileSync(join(source, 'behalf.config.ts'), typeof config === 'string' ? config : sourceOf(config))
    // A project has installed what its configuration imports.
    symlinkSync(path('../../../node_modules'), join(source, 'node_modules'))
  }
  const out = join(folder, 'function.zip')
  const secrets = config === undefined ? [] : ['--dangerously-pack-secrets']
  const command = [
    path('../../../packages/cli/bin/behalf.js'),
    'package',
    '--out',
    out,
    ...secrets,
    ...options,
  ]
  execFileSync(process.execPath, command, { cwd: source, stdio: ['ignore', 'ignore', 'inherit'] })
  const task = join(folder, 'task')
  mkdirSync(task)
  for (const [name, bytes] of Object.entries(unzipSync(readFileSync(out))))
    writeFileSync(join(task, name), bytes)
  return task
}

/** A configuration of JSON, in which sealing and events are told by their options, and a policy by its name. */
type PackedConfig = object & {
  readonly sealing?: object
  readonly revocation?: object
  readonly policy?: 'telling'
}

function sourceOf({ sealing, revocation, policy, ...config }: PackedConfig): string {
  const parts = [
    ...(policy === undefined ? [] : ['policy: tellingPolicy()']),
    ...(sealing === undefined ? [] : [`sealing: sealed(${JSON.stringify(sealing)})`]),
    ...(revocation === undefined
      ? []
      : [
          `revocation: { store: memoryRevocations(), whenUnavailable: 'deny', events: eventHooks(${JSON.stringify(revocation)}) }`,
        ]),
  ]
  const imports = [
    ...(policy === undefined ? [] : ["import { tellingPolicy } from '@behalf/testing/telling-policy'"]),
    ...(sealing === undefined ? [] : ["import { sealed } from '@behalf/hook/sealing'"]),
    ...(revocation === undefined
      ? []
      : [
          "import { memoryRevocations } from '@behalf/hook'",
          "import { eventHooks } from '@behalf/hook/events'",
        ]),
  ]
  return `${imports.join('\n')}\nexport default { ...${JSON.stringify(config)}, ${parts.join(', ')} }\n`
}

/** A packed function in a process of its own, invoked as Lambda does. */
export class LambdaFunction implements AsyncDisposable {
  readonly #api: RuntimeApi
  readonly #program: Program

  private constructor(api: RuntimeApi, program: Program) {
    this.#api = api
    this.#program = program
  }

  /** Resolves when the initialisation has ended; rejects when it failed. */
  static async start(
    task: string,
    client: keyof typeof clients,
    environment: Readonly<Record<string, string>> = {},
  ): Promise<LambdaFunction> {
    // Lambda's runtime has the SDK on its search path; here it is where Node looks for it.
    const sdk = path('node_modules')
    if (existsSync(sdk) && !existsSync(join(task, 'node_modules')))
      symlinkSync(sdk, join(task, 'node_modules'))
    const api = await RuntimeApi.start()
    const program = new Program(clients[client], {
      AWS_LAMBDA_RUNTIME_API: api.address,
      LAMBDA_TASK_ROOT: task,
      _HANDLER: 'index.handler',
      AWS_REGION: 'eu-central-1',
      AWS_LAMBDA_FUNCTION_NAME: 'behalf',
      AWS_LAMBDA_FUNCTION_VERSION: '$LATEST',
      AWS_LAMBDA_LOG_GROUP_NAME: '/aws/lambda/behalf',
      AWS_LAMBDA_LOG_STREAM_NAME: '2026/11/01/[$LATEST]1',
      AWS_LAMBDA_FUNCTION_MEMORY_SIZE: '512',
      AWS_EXECUTION_ENV: 'AWS_Lambda_nodejs24.x',
      ...environment,
    })
    const started = await Promise.race([api.initialised.promise, program.ended()])
    if (started === undefined || started.kind === 'error') {
      await api[Symbol.asyncDispose]()
      throw new Error(`the function did not initialise: ${program.output.join('\n')}`)
    }
    return new LambdaFunction(api, program)
  }

  /** The lines that the function has written. */
  get output(): readonly string[] {
    return this.#program.output
  }

  async invoke(event: unknown): Promise<Invocation> {
    const invocation = await Promise.race([this.#api.invoke(event), this.#program.ended()])
    if (invocation === undefined) throw new Error(`the function has ended: ${this.output.join('\n')}`)
    return invocation
  }

  /** The folder is left to whoever made it. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.#program[Symbol.asyncDispose]()
    await this.#api[Symbol.asyncDispose]()
  }

  /** Takes the unpacked function away. */
  static remove(task: string): void {
    rmSync(join(task, '..'), { recursive: true, force: true })
  }
}

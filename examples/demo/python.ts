import { spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { runExample } from '../run-example.ts'
import { startSidecarOfApiA } from './sidecar.ts'
import { apiA, orders, type World } from './world.ts'

/** What is said where there is none. */
export const noPython: string =
  'Left out: no Python with PyJWT is on this machine. Debian has it as python3-jwt; the variable PYTHON names another.'

const { PYTHON } = process.env
const candidates = PYTHON === undefined ? ['python3', '/usr/bin/python3'] : [PYTHON]

/** A Python that has PyJWT, if there is one. */
export function findPython(): string | undefined {
  return candidates.find((command) => spawnSync(command, ['-c', 'import jwt, cryptography']).status === 0)
}

/** API A and API B in Python, the sidecar between them and Okta. */
export interface PythonApis extends AsyncDisposable {
  readonly apiAUrl: string
  readonly apiBUrl: string
}

/**
 * Starts the programs of `examples/python`.
 *
 * @param apiBUrl - where API A asks; API B by default
 */
export async function startPythonApis(world: World, python: string, apiBUrl?: string): Promise<PythonApis> {
  await using stack = new AsyncDisposableStack()
  const sidecar = await startSidecarOfApiA(world)
  stack.defer(() => sidecar.stop())
  const run = (file: string, environment: Readonly<Record<string, string>>) =>
    runExample(
      fileURLToPath(new URL(`../python/${file}`, import.meta.url)),
      { PORT: '0', PYTHONDONTWRITEBYTECODE: '1', ...environment },
      python,
    )
  const b = stack.use(
    await run('api_b.py', {
      ISSUER: world.issuers.delegation,
      AUDIENCE: orders,
      ALLOWED_ACTORS: apiA,
      USERS_ISSUERS: world.issuers.users,
    }),
  )
  const a = stack.use(
    await run('api_a.py', {
      TOKEN_ENDPOINT: `${sidecar.origin}/token`,
      RESOURCE: orders,
      API_B_URL: apiBUrl ?? b.url,
    }),
  )
  const running = stack.move()
  return { apiAUrl: a.url, apiBUrl: b.url, [Symbol.asyncDispose]: () => running.disposeAsync() }
}

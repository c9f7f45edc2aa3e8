import { createVerifier } from '@behalf/verify'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { startSidecarOfApiA } from '../../../examples/demo/sidecar.ts'
import { signInToWebShop } from '../../../examples/demo/sign-in.ts'
import { apiA, orders, startWorld, type World } from '../../../examples/demo/world.ts'
import { python } from '../debian.ts'
import { withOutsider } from '../outsider.ts'
import { readRecipes } from '../recipes.ts'
import { type Program, run } from './program.ts'

const stack = new AsyncDisposableStack()
let world: World
let tokenEndpoint: string
let assertion: string

beforeAll(async () => {
  world = stack.use(await startWorld({ now: () => Date.now() }))
  const sidecar = await startSidecarOfApiA(world)
  stack.defer(() => sidecar.stop())
  tokenEndpoint = `${sidecar.origin}/token`
  assertion = await signInToWebShop(world.issuers.users)
})
afterAll(() => stack.disposeAsync())

const documented = 'http://127.0.0.1:8081/token'
const recipe = (language: string): string =>
  readRecipes('docs/other-languages.md', language).get('exchange')?.replace(documented, tokenEndpoint) ?? ''

/** Runs a program that prints a token for API B, then what is said when one for another API is asked for. */
async function expectExchange(program: Program): Promise<void> {
  const { printed, complaints } = await run(program)
  expect(complaints).toBe('')
  const [token = '', refusal] = printed.trim().split('\n')
  const apiB = createVerifier({ issuer: world.issuers.delegation, audience: orders })
  expect(await apiB.verify(token)).toMatchObject({ subject: 'ann@example.com', actor: { sub: apiA } })
  expect(refusal).toBe('400 invalid_target')
}

withOutsider({ name: 'Python', debianPackage: 'python3-jwt', probe: [python, '--version'] }, () => {
  test('exchanges a token as the document shows', async () => {
    const program = `import sys
from exchange import ExchangeError, exchange
print(exchange(sys.argv[1], "${orders}", "orders:read"))
try:
    exchange(sys.argv[1], "https://elsewhere.example", "orders:read")
except ExchangeError as refusal:
    print(refusal)`
    await expectExchange({
      files: { 'exchange.py': recipe('python'), 'program.py': program },
      command: [python, 'program.py', assertion],
    })
  })
})

withOutsider({ name: 'Go', debianPackage: 'golang-go', probe: ['go', 'version'] }, () => {
  test('exchanges a token as the document shows', async () => {
    const program = `package main
import ("fmt"; "os")
func main() {
	token, err := exchange(os.Args[1], "${orders}", "orders:read")
	if err != nil { panic(err) }
	fmt.Println(token)
	_, err = exchange(os.Args[1], "https://elsewhere.example", "orders:read")
	fmt.Println(err)
}`
    await expectExchange({
      files: { 'exchange.go': recipe('go'), 'program.go': program },
      command: ['go', 'run', 'program.go', 'exchange.go', assertion],
    })
  }, 180_000)
})

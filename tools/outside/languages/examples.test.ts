import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type PythonApis, startPythonApis } from '../../../examples/demo/python.ts'
import { signInToWebShop } from '../../../examples/demo/sign-in.ts'
import { requestToken } from '../../../examples/demo/token-request.ts'
import { apiA, startWorld, type World } from '../../../examples/demo/world.ts'
import { root } from '../../workspace.ts'
import { python } from '../debian.ts'
import { withOutsider } from '../outsider.ts'
import { readRecipes } from '../recipes.ts'

test.each(['exchange', 'verifier'])('%s.py is what the document shows', (name) => {
  const file = readFileSync(join(root, `examples/python/${name}.py`), 'utf8')
  expect(readRecipes('docs/other-languages.md', 'python').get(name)).toBe(file)
})

withOutsider(
  { name: 'PyJWT', debianPackage: 'python3-jwt', probe: [python, '-c', 'import jwt, cryptography'] },
  () => {
    const stack = new AsyncDisposableStack()
    let world: World
    let apis: PythonApis
    let assertion: string

    beforeAll(async () => {
      world = stack.use(await startWorld({ now: () => Date.now() }))
      apis = stack.use(await startPythonApis(world, python))
      assertion = await signInToWebShop(world.issuers.users)
    })
    afterAll(() => stack.disposeAsync())

    const ask = async (url: string, token?: string) => {
      const headers: Record<string, string> = token === undefined ? {} : { authorization: `Bearer ${token}` }
      const response = await fetch(`${url}/orders`, { headers })
      return [response.status, response.headers.get('www-authenticate'), await response.text()]
    }
    const invalid = [401, 'Bearer error="invalid_token"', '']

    test('API A asks API B on behalf of its caller', async () => {
      const body = JSON.stringify({ ordersOf: 'ann@example.com', actors: [apiA] })
      expect(await ask(apis.apiAUrl, assertion)).toEqual([200, null, body])
    })

    test('both refuse callers without a good token', async () => {
      for (const url of [apis.apiAUrl, apis.apiBUrl]) {
        expect(await ask(url)).toEqual([401, 'Bearer', ''])
        expect(await ask(url, 'nonsense')).toEqual(invalid)
        expect(await ask(url, `${assertion.slice(0, -8)}AAAAAAAA`)).toEqual(invalid)
      }
      // The user's own token is for API A.
      expect(await ask(apis.apiBUrl, assertion)).toEqual(invalid)
    })

    test('API A answers 502 when API B does not', async () => {
      await using lonely = await startPythonApis(world, python, 'http://127.0.0.1:9')
      expect(await ask(lonely.apiAUrl, assertion)).toEqual([502, null, ''])
    })

    // The last one, because the hook does not come back.
    test('with the hook down API A gets no token, and API B refuses the plain one', async () => {
      const another = await signInToWebShop(world.issuers.users)
      const seal = await world.seal(another, apiA, world.issuers.delegation)
      await world.hook.stop()
      expect(await ask(apis.apiAUrl, another)).toEqual([503, null, ''])
      const { token } = await requestToken(world.issuers.delegation, apiA, 'orders:read', seal)
      expect(await ask(apis.apiBUrl, token)).toEqual(invalid)
    })
  },
)

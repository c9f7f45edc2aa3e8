import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { listen } from '@behalf/testing'
import { describe, expect, test } from 'vitest'
import { root } from '../../workspace.ts'
import { python } from '../debian.ts'
import { withOutsider } from '../outsider.ts'
import { readRecipes } from '../recipes.ts'
import { run } from './program.ts'

const vectorsFile = join(root, 'packages/verify/vectors.json')
const { jwks, vectors } = JSON.parse(readFileSync(vectorsFile, 'utf8'))
const inPython = readRecipes('docs/other-languages.md', 'python')
const inGo = readRecipes('docs/other-languages.md', 'go')
const ours = (name: string): string => readFileSync(new URL(name, import.meta.url), 'utf8')
const tokenOf = (name: string): string =>
  vectors.find((vector: { readonly name: string }) => vector.name === name).token

const verifyInPython = (verifier = inPython.get('verifier') ?? '') =>
  run({
    files: { 'verifier.py': verifier, 'vectors.py': ours('vectors.py') },
    command: [python, 'vectors.py', vectorsFile],
  })
const verifyInGo = (verifier = inGo.get('verifier') ?? '') =>
  run({
    files: { 'verifier.go': verifier, 'keys.go': inGo.get('keys') ?? '', 'vectors.go': ours('vectors.go') },
    command: ['go', 'run', 'vectors.go', 'verifier.go', 'keys.go', vectorsFile],
  })
const allHeld = { code: 0, printed: `${vectors.length} vectors, 0 verdicts are others\n`, complaints: '' }

/** What is enough with resources, tried with what it must tell apart. */
const [good, ...bad] = [
  'as the hook makes it',
  'the plain token of a hook that is down',
  'a delegated token for nobody',
  'another issuer of the same org',
  'another payload under the signature',
  'expired',
  'no exp',
].map(tokenOf)
const expected = ['ann@example.com', ...bad.map(() => 'refused')]

withOutsider(
  { name: 'PyJWT', debianPackage: 'python3-jwt', probe: [python, '-c', 'import jwt, cryptography'] },
  () => {
    test('the verifier of the document holds every vector', async () => {
      expect(await verifyInPython()).toEqual(allHeld)
    })

    describe('a verifier that leaves out one demand fails the vectors', () => {
      const verifier = inPython.get('verifier') ?? ''
      const demands = [...verifier.matchAll(/(?<!def )demand\((.*)/g)]
      // PyJWT looks at it, too, in this release.
      const own = demands.filter(([, demanded]) => demanded?.startsWith('"crit"') === false)
      test.each(own.map((demand) => ({ demanded: demand[1], at: demand.index + 'demand('.length })))(
        '$demanded',
        async ({ at }) => {
          const { code } = await verifyInPython(`${verifier.slice(0, at)}True or ${verifier.slice(at)}`)
          expect(code).toBe(1)
        },
      )
    })

    test('issuer and audience tell the delegated token from the plain one', async () => {
      await using keys = await listen((_, response) => response.end(JSON.stringify(jwks)))
      const verifier = (inPython.get('audience') ?? '').replace('ISSUER + "/v1/keys"', `"${keys.origin}"`)
      const program = `import json, jwt
from audience import verify
def judge(token):
    try:
        return verify(token)["sub"]
    except jwt.PyJWTError:
        return "refused"
print(json.dumps([judge(token) for token in ${JSON.stringify([good, ...bad])}]))`
      const { printed, complaints } = await run({
        files: { 'audience.py': verifier, 'program.py': program },
        command: [python, 'program.py'],
      })
      expect([complaints, JSON.parse(printed)]).toEqual(['', expected])
    })
  },
)

withOutsider(
  {
    name: 'golang-jwt',
    debianPackage: 'golang-github-golang-jwt-jwt-dev',
    probe: ['/bin/sh', '-c', 'go version && test -d /usr/share/gocode/src/github.com/golang-jwt/jwt'],
  },
  () => {
    test('the verifier of the document holds every vector', async () => {
      expect(await verifyInGo()).toEqual(allHeld)
    }, 180_000)

    test('a verifier that leaves out a demand fails the vectors', async () => {
      const verifier = inGo.get('verifier') ?? ''
      const weaker = verifier.replace('if claims["cid"] != actors[0] {', 'if false {')
      expect(weaker).not.toBe(verifier)
      const { code, printed } = await verifyInGo(weaker)
      expect(printed).toMatch(/^an actor that is not the client /m)
      expect(code).toBe(1)
    }, 180_000)

    test('issuer and audience tell the delegated token from the plain one', async () => {
      const program = `package main
import ("encoding/json"; "os")
func main() {
	var jwks struct{ Keys []JWK }
	json.Unmarshal([]byte(${JSON.stringify(JSON.stringify(jwks))}), &jwks)
	said := []interface{}{}
	for _, token := range []string{${[good, ...bad].map((token) => JSON.stringify(token)).join()}} {
		claims, err := verify(token, findIn(jwks.Keys))
		if err != nil { said = append(said, "refused") } else { said = append(said, claims["sub"]) }
	}
	json.NewEncoder(os.Stdout).Encode(said)
}`
      const { printed, complaints } = await run({
        files: {
          'audience.go': inGo.get('audience') ?? '',
          'keys.go': inGo.get('keys') ?? '',
          'program.go': program,
        },
        command: ['go', 'run', 'program.go', 'audience.go', 'keys.go'],
      })
      expect([complaints, JSON.parse(printed)]).toEqual(['', expected])
    }, 180_000)
  },
)

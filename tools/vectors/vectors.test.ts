import { readFileSync } from 'node:fs'
import { systemClock } from '@behalf/core'
import { createVerifier, TokenError } from '@behalf/verify'
import { expect, test } from 'vitest'
import { document, file } from './document.ts'
import type { Vector } from './vector.ts'

const { api, jwks, now, vectors } = document

function verifierAt(nowSeconds: number) {
  const keys = `${api.issuer}/v1/keys`
  return createVerifier({
    ...api,
    jwksUri: keys,
    clock: { ...systemClock, now: () => nowSeconds * 1000 },
    fetch: async (url) => (String(url) === keys ? Response.json(jwks) : new Response(null, { status: 404 })),
  })
}

async function judge({ token }: Vector, nowSeconds: number) {
  try {
    const { subject, user, actors, scopes, expiresAt } = await verifierAt(nowSeconds).verify(token)
    return { accept: { subject, user, actors: actors.map(({ sub }) => sub), scopes, expiresAt } }
  } catch (error) {
    if (!(error instanceof TokenError)) throw error
    return { refuse: { code: error.code, status: error.status } }
  }
}

const verdictOf = ({ accept, refuse }: Vector) => (accept === undefined ? { refuse } : { accept })

test('the file is what the script makes', () => {
  expect(JSON.parse(readFileSync(file, 'utf8'))).toEqual(JSON.parse(JSON.stringify(document)))
})

test('no two vectors have the same name or the same token', () => {
  expect(new Set(vectors.map(({ name }) => name)).size).toBe(vectors.length)
  expect(new Set(vectors.map(({ token }) => token)).size).toBe(vectors.length)
})

test.each(vectors)('$name', async (vector) => {
  expect(await judge(vector, now)).toEqual(verdictOf(vector))
})

test('without a clock, the others hold from 2021 until the end of the century', async () => {
  for (const nowSeconds of [1_609_459_200, 4_102_444_000])
    for (const vector of vectors.filter(({ needsClock }) => !needsClock))
      expect([vector.name, await judge(vector, nowSeconds)]).toEqual([vector.name, verdictOf(vector)])
})

test('those that need the clock say so for a reason', async () => {
  for (const vector of vectors.filter(({ needsClock }) => needsClock)) {
    const [before, after] = [await judge(vector, now - 100), await judge(vector, now + 100)]
    expect([vector.name, JSON.stringify(before) === JSON.stringify(after)]).toEqual([vector.name, false])
  }
})

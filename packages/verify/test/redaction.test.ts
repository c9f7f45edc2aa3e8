import { inspect } from 'node:util'
import { createVerifier } from '@behalf/verify'
import { expect, it } from 'vitest'
import { refusalOf, TestBed } from './setup.ts'

const bed = TestBed.forFile()

/** Everything that a careless line of logging would write. */
function printed(value: unknown): string {
  const deep = inspect(value, { depth: null, showHidden: true })
  return [deep, String(value), JSON.stringify(value), JSON.stringify({ ...Object(value) })].join('\n')
}

it('prints an access without the token and the claims', async () => {
  const marked = { email: 'leaked@example.com', assertion: bed.assertion({ email: 'leaked@example.com' }) }
  const either = createVerifier({ ...bed.options, accept: ['delegated', 'machine'] })
  for (const token of [bed.delegated(marked), bed.machine({ email: 'leaked@example.com' })]) {
    const access = await either.verify(token)
    const text = printed(access)
    expect(access.claims['email']).toBe('leaked@example.com')
    for (const part of token.split('.')) expect(text).not.toContain(part)
    expect(text).not.toContain('leaked@example.com')
    expect(text).toContain('orders:read')
  }
})

it('prints an error without anything of the token', async () => {
  const tokens = [
    bed.delegated({ sub: 'leaked@example.com' }),
    bed.delegated({ act: { sub: 'leaked@example.com' } }),
    bed.delegated({ aud: 'leaked@example.com' }),
    bed.delegated({ iss: 'https://leaked@example.com' }),
    bed.delegated({ scp: ['leaked@example.com'] }),
  ]
  for (const token of tokens) {
    const error = await refusalOf(bed.verifier({ requiredScopes: ['orders:read'] }).verify(token))
    const text = `${printed(error)}\n${error.message}\n${error.stack}`
    for (const part of token.split('.')) expect(text).not.toContain(part)
    expect(text).not.toContain('leaked')
    expect(error.cause).toBeUndefined()
  }
})

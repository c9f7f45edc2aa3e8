import { expect, it } from 'vitest'
import { expectNoTrace, mark, printedDuring } from './traces.ts'

class Holder {
  readonly #token: string
  constructor(token: string) {
    this.#token = token
  }
  get token(): string {
    return this.#token
  }
}

it.each([
  ['text', mark],
  ['in another case', mark.toUpperCase()],
  ['a member', { a: { b: [mark] } }],
  ['a name', { [mark]: 1 }],
  ['a hidden member', Object.defineProperty({}, 'x', { value: mark, enumerable: false })],
  ['a symbol', { [Symbol('x')]: mark }],
  ['a map', new Map([['x', new Set([mark])]])],
  ['a message', new Error(mark)],
  ['a cause', new Error('x', { cause: new Error(mark) })],
  ['a member of an error', Object.assign(new Error('x'), { token: mark })],
  ['what toJSON gives', { toJSON: () => mark }],
  ['what toString gives', { toString: () => mark }],
])('a mark is found as %s', (_name, value) => {
  expect(() => expectNoTrace(value)).toThrow()
})

it('a part of a token is found, and what a getter of a class gives is not printed by anybody', () => {
  const token = 'aaaaaaaaaaaaaaaaaaaa.bbbbbbbbbbbbbbbbbbbb.cccccccccccccccccccc'
  expect(() => expectNoTrace({ x: 'bbbbbbbbbbbbbbbbbbbb' }, [token])).toThrow()
  expectNoTrace(new Holder(token), [token])
})

it('what a process prints is collected', async () => {
  const printed = await printedDuring(async () => {
    console.error({ x: mark })
    process.stdout.write('and this')
  })
  expect(printed).toContain(mark)
  expect(printed).toContain('and this')
})

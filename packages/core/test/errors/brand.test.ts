import { describe, expect, it } from 'vitest'
import { BehalfError } from '../../src/errors/behalf-error.ts'
import { brand } from '../../src/errors/brand.ts'

/** A class like those of another copy of a package. */
function makeCopy() {
  class Refusal extends BehalfError {
    static {
      brand(Refusal, 'a package Refusal')
    }
  }
  return Refusal
}

describe('brand', () => {
  const First = makeCopy()
  const Second = makeCopy()

  it('recognises instances of another copy', () => {
    expect(First).not.toBe(Second)
    expect(new First('policy_denied')).toBeInstanceOf(Second)
    expect(new First('policy_denied')).toBeInstanceOf(BehalfError)
  })

  it('keeps apart what a class extends, what extends it, and what is none', () => {
    class Stricter extends First {}
    expect(new BehalfError('policy_denied')).not.toBeInstanceOf(First)
    expect(new First('policy_denied')).not.toBeInstanceOf(Stricter)
    expect(new Stricter('policy_denied')).toBeInstanceOf(Stricter)
    expect(new Stricter('policy_denied')).toBeInstanceOf(Second)
    for (const other of [undefined, null, 'policy_denied', {}, new Error('policy_denied')])
      expect(other instanceof First).toBe(false)
  })

  it('adds nothing that is printed or listed', () => {
    const error = new First('policy_denied')
    expect(Object.keys(error)).toEqual(Object.keys(new BehalfError('policy_denied')))
    expect(Object.keys(First.prototype)).toEqual([])
  })
})

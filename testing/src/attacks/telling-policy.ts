import type { PolicyFunction } from '@behalf/hook'
import { spoil } from './spoil.ts'

/**
 * Makes a policy that does what the claim `policy` of an assertion says. `tell`: it forbids claims that it was given before,
 * the very object, which shows from outside which tokens a hook remembers. `write`: it writes into all that it is given, and
 * permits. `assign`: it writes as careless code does.
 */
export function tellingPolicy(): PolicyFunction {
  const given = new WeakSet()
  return (delegation) => {
    const { claims } = delegation.subject
    switch (claims['policy']) {
      case 'write':
        spoil(delegation)
        break
      case 'assign':
        Object.assign(claims, { sub: 'spoilt' })
        break
      case 'tell':
        if (given.has(claims)) return { decision: 'forbid', reason: 'it was given this before' }
        given.add(claims)
        break
    }
    return { decision: 'permit' }
  }
}

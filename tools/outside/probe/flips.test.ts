import { describe, it } from 'vitest'
import { expectExactly, flips } from '../../../packages/cli/test/probed-org.ts'

describe('of all questions of behalf probe, asked of a sandbox in which one thing is otherwise', () => {
  it.each(flips)('the one that is found is $id: $outcome', (flip) => expectExactly(flip))
})

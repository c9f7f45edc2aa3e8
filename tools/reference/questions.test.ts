import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { questions } from '../../packages/cli/src/probe/questions.ts'
import { fidelityPath, withQuestions } from './questions.ts'

const document = readFileSync(fidelityPath, 'utf8')

test('the questions are in docs/okta-fidelity.md as they are; if not, run tools/reference/questions.ts', () => {
  expect(document).toBe(withQuestions(document))
})

test('the document has every question once, with an assumption and where it is from', () => {
  const [written = ''] = document.split('<!-- End of what is written. -->')
  const named = [...written.matchAll(/^\| `([a-z0-9-]+)` \| [^|]+ \| [^|]+ \| [^|]+ \|$/gm)].map(
    ([, id]) => id,
  )
  expect(named).toEqual(questions.map(({ id }) => id))
})

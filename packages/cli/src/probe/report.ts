import { bad, doubtful, faint, good, type Line, line } from '../terminal/line.ts'
import type { Area, Question } from './question.ts'
import { areas, questions } from './questions.ts'

/** What was found out about one question. */
export interface Fact {
  /** Whether the org does what the sandbox assumes. */
  readonly verdict: 'yes' | 'no' | 'unclear'
  readonly assumed: string
  /** What the org does; absent when that is not clear. */
  readonly outcome?: string
  /** What the outcome does not say. */
  readonly seen?: string
  /** Why it is not clear. */
  readonly why?: string
}

/** What is written: no token, no secret, no login, and nothing that names the org. */
export interface FactsFile {
  /** The version of this form. */
  readonly version: 2
  /** The day, in UTC: a release of Okta's may change the facts. */
  readonly probedOn: string
  readonly facts: Readonly<Record<string, Fact>>
}

const signs = { yes: good('yes    '), no: bad('no     '), unclear: doubtful('unclear') } as const

/** Returns the facts as lines for people, with a line that counts. */
export function describeFacts({ facts }: FactsFile): Line[] {
  const asked = questions.filter(({ id }) => facts[id] !== undefined)
  const count = (verdict: Fact['verdict']): number =>
    Object.values(facts).filter((fact) => fact.verdict === verdict).length
  return [
    ...areaNames.flatMap((area) => {
      const own = asked.filter((question) => question.area === area)
      return own.length === 0
        ? []
        : ['', areas[area], ...own.flatMap((question) => describe(question, facts[question.id]))]
    }),
    '',
    `${asked.length} questions: ${count('yes')} as assumed, ${count('no')} otherwise, ${count('unclear')} unclear.`,
  ]
}

const areaNames: readonly Area[] = [
  'patches',
  'answers',
  'calls',
  'tokens',
  'log',
  'oauth',
  'management',
  'people',
]

function describe({ id, question }: Question, fact: Fact | undefined): Line[] {
  if (fact === undefined) return []
  const { verdict, assumed, outcome = '', seen, why = '' } = fact
  const told = [outcome, ...(seen === undefined ? [] : [seen])].join('; ')
  const what = { yes: told, no: `${told} (assumed: ${assumed})`, unclear: why }[verdict]
  return [
    line`  ${signs[verdict]}  ${id.padEnd(28)} ${what}`,
    ...(verdict === 'yes' ? [] : [faint(`           ${question.replaceAll('`', '')}`)]),
  ]
}

/** Says how many tokens some questions ask for at most. */
export function tokensOf(chosen: readonly Question[]): number {
  return chosen.reduce((sum, { maxTokens }) => sum + maxTokens, 0)
}

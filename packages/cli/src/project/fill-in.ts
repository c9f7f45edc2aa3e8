import { exampleFacts, type ProjectFacts } from './facts.ts'

/** How a file spells text: of the template, single quotes are code and double quotes are YAML. */
type Spelling = (text: string) => string

/**
 * Puts the facts of a project into a file of the template, in place of the example's: in one pass, so that no fact is
 * taken for another.
 */
export function fillIn(text: string, facts: ProjectFacts): string {
  const replacements = new Map([...replacing(inCode, facts), ...replacing(JSON.stringify, facts)])
  const pattern = [...replacements.keys()].map(literally).join('|')
  return text.replaceAll(new RegExp(pattern, 'g'), (found) => replacements.get(found) ?? found)
}

function replacing(spell: Spelling, facts: ProjectFacts): readonly (readonly [string, string])[] {
  const { scopes } = facts
  const [exampleScope = ''] = exampleFacts.scopes
  const list = (of: readonly string[]): string => `[${of.map(spell).join(', ')}]`
  return [
    // Where API A may have any scope, nothing is said of them; what needs one has the example's.
    ...(scopes.length === 0 ? [[`, scopes: ${list(exampleFacts.scopes)}`, ''] as const] : []),
    [list(exampleFacts.scopes), list(scopes.length === 0 ? exampleFacts.scopes : scopes)],
    [spell(exampleScope), spell(scopes[0] ?? exampleScope)],
    ...(['issuer', 'audience', 'clientId', 'resource'] as const).map(
      (name) => [spell(exampleFacts[name]), spell(facts[name])] as const,
    ),
  ]
}

function literally(text: string): string {
  return text.replaceAll(/[.*+?^${}()|[\]\\/]/g, '\\$&')
}

/** A string as TypeScript spells it. */
function inCode(text: string): string {
  const escaped = JSON.stringify(text).slice(1, -1).replaceAll('\\"', '"').replaceAll("'", "\\'")
  return `'${escaped}'`
}

import { readFileSync } from 'node:fs'

/** A member of an interface, and what its doc comment says. */
export interface DocumentedMember {
  readonly name: string
  readonly isOptional: boolean
  /** The comment without its last two sentences, when these are a range and a default. */
  readonly meaning: string
  /** The bounds as they are written, e.g. `0 to 300`. */
  readonly range?: string | undefined
  /** The default as it is written; absent when none is named. */
  readonly fallback?: string | undefined
}

/**
 * Reads the members of an interface and their doc comments, which say what the member means, its range (`0 to 300.`)
 * and its default (`Default 60.`), in this order. It reads what Biome has formatted, not all of TypeScript.
 *
 * @throws TypeError when the file has no such interface, or a member has no comment
 */
export function documentedMembers(file: string, name: string): readonly DocumentedMember[] {
  const source = readFileSync(file, 'utf8')
  const body = new RegExp(`^export interface ${name}\\b[^{]*\\{\\n([\\s\\S]*?)^\\}`, 'm').exec(source)?.[1]
  if (body === undefined) throw new TypeError(`${file} has no interface ${name}`)
  const found = [...body.matchAll(/^ {2}(?:\/\*\*([\s\S]*?)\*\/\s+)?(?:readonly )?(\w+)(\?)?[:(]/gm)]
  return found.map(([, comment, member = '', optional]) => {
    if (comment === undefined) throw new TypeError(`${name}.${member} has no doc comment`)
    return { name: member, isOptional: optional !== undefined, ...readComment(comment) }
  })
}

const number = String.raw`\d{1,3}(?: \d{3})*`
const closingSentences = new RegExp(
  String.raw`^(.*?)(?:(?:^|(?<=[.:]) )(${number} to ${number})\.)?(?:(?:^| )Default (.+)\.)?$`,
)

function readComment(comment: string): Pick<DocumentedMember, 'meaning' | 'range' | 'fallback'> {
  const text = comment
    .replace(/^\s*\*/gm, '')
    .replace(/\s+/g, ' ')
    .trim()
  const [, meaning = '', range, fallback] = closingSentences.exec(text) ?? []
  return { meaning: meaning.trim(), range, fallback }
}

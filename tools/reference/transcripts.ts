/**
 * Writes the transcripts of the documents: `node tools/reference/transcripts.ts` runs what they show and puts in what
 * was printed, in the block that follows `<!-- transcript: NAME -->`. A test holds the documents to it.
 */
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import process from 'node:process'
import { fileURLToPath } from 'node:url'
import { root } from '../workspace.ts'
import { recordDemo } from './transcripts/demo.ts'
import { recordFirstFiveMinutes } from './transcripts/first-five-minutes.ts'

/** How the transcripts of each document are made, by their names. */
export const transcripts: Readonly<Record<string, () => Promise<Readonly<Record<string, string>>>>> = {
  'docs/demo.md': recordDemo,
  'docs/first-five-minutes.md': recordFirstFiveMinutes,
}

/** The text of a document. */
export function readDocument(document: string): string {
  return readFileSync(join(root, document), 'utf8')
}

/**
 * Puts transcripts into a document.
 *
 * @throws Error - when the document lacks one of them, or asks for another
 */
export function putIn(text: string, recorded: Readonly<Record<string, string>>): string {
  const missing = new Set(Object.keys(recorded))
  const written = text.replace(
    /(<!-- transcript: (.+) -->\n+```\w*\n)[\s\S]*?(?=^```$)/gm,
    (_, head: string, name: string) => {
      const transcript = recorded[name]
      if (transcript === undefined) throw new Error(`there is no transcript '${name}'`)
      missing.delete(name)
      return `${head}${transcript.trim()}\n`
    },
  )
  if (missing.size > 0) throw new Error(`the document does not show: ${[...missing].join(', ')}`)
  return written
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  for (const [document, record] of Object.entries(transcripts))
    writeFileSync(join(root, document), putIn(readDocument(document), await record()))
}

/**
 * Writes the conformance vectors of `@behalf/verify`: `node tools/vectors/main.ts`. They are the same whoever makes them; a
 * test holds the file to this, and our own verifier to the file.
 */
import { writeFileSync } from 'node:fs'
import { document, file } from './document.ts'

writeFileSync(file, `${JSON.stringify(document, null, 2)}\n`)
console.log(`vectors: ${document.vectors.length}`)

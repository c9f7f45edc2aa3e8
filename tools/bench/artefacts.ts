import { execFileSync } from 'node:child_process'
import { globSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { unzipSync } from 'fflate'
import { zip } from '../../packages/cli/dist/lambda/zip.js'

const root = fileURLToPath(new URL('../..', import.meta.url))
const folder = `${root}dist/bench`

/** The two Lambda functions that are compared, as they are deployed. */
export interface Artefacts {
  /** How large the function is that takes sealed assertions. */
  readonly sealingZipBytes: number
  readonly behalf: Artefact
  readonly baseline: Artefact
}

/** A Lambda function's zip, and the module in it. */
export interface Artefact {
  readonly zipBytes: number
  /** The module that exports `handler`, unpacked. */
  readonly module: string
}

/** Packs Behalf with its own command and the baseline with its `node_modules`. */
export function makeArtefacts(): Artefacts {
  rmSync(folder, { recursive: true, force: true })
  mkdirSync(`${folder}/behalf`, { recursive: true })
  const packed = `${folder}/behalf-lambda.zip`
  execFileSync(process.execPath, [`${root}packages/cli/bin/behalf.js`, 'package', '--out', packed], {
    cwd: folder,
  })
  const archive = readFileSync(packed)
  const sealing = `${folder}/behalf-lambda-sealing.zip`
  execFileSync(
    process.execPath,
    [`${root}packages/cli/bin/behalf.js`, 'package', '--sealing', '--out', sealing],
    { cwd: folder },
  )
  for (const [name, bytes] of Object.entries(unzipSync(archive)))
    writeFileSync(`${folder}/behalf/${name}`, bytes)

  const baseline = `${root}tools/bench/baseline`
  const files = globSync(['index.mjs', 'package.json', 'node_modules/**/*'], {
    cwd: baseline,
    withFileTypes: true,
  })
    .filter((entry) => entry.isFile())
    .map((entry) => `${entry.parentPath}/${entry.name}`)
  const zipped = zip(
    Object.fromEntries(files.map((file) => [file.slice(baseline.length + 1), readFileSync(file)])),
  )
  return {
    sealingZipBytes: readFileSync(sealing).length,
    behalf: { zipBytes: archive.length, module: `${folder}/behalf/index.mjs` },
    baseline: { zipBytes: zipped.length, module: `${baseline}/index.mjs` },
  }
}

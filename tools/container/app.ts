/**
 * Makes the folder of the packages for a container image: `node tools/container/app.ts FOLDER`. For the Dockerfile, whose base
 * brings the rest. Packages must be built.
 */
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { makeAppLayer } from './app-layer.ts'
import { describeImage, versionOf } from './bom.ts'

const [folder] = process.argv.slice(2)
if (folder === undefined) throw new TypeError('say which folder')
const boms = makeAppLayer(folder)
const parts = {
  version: versionOf(folder),
  nodeVersion: process.versions.node,
  debian: [],
  time: new Date(),
}
writeFileSync(join(folder, 'sbom.cdx.json'), describeImage(boms, parts))

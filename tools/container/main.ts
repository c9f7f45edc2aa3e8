/**
 * Makes the container image of this repository's packages, without a container engine: `npm run image [-- FOLDER]`. It needs
 * root, and Debian's `mmdebstrap` and `umoci`.
 */
import { join } from 'node:path'
import { root } from '../workspace.ts'
import { buildImage } from './build-image.ts'

const output = process.argv[2] ?? join(root, 'dist/image')
const { archive, bom, compressedBytes } = buildImage(output)
console.log(`${archive}: ${(compressedBytes / 1e6).toFixed(1)} MB compressed`)
console.log(`${bom}: what is in it`)

import type { BehalfConfig, Sealing } from '@behalf/hook'
import { readSealKeys, unusedSealKeys } from './seal-keys.ts'

/**
 * Returns how a hook opens seals while it explains: with the keys of a file when one is named, and without claiming them,
 * because whoever explains must not use up what a shared store remembers. Where the configuration's own keys are not there,
 * as on another machine than the hook's, none opens a seal, and all that is judged without them is judged.
 *
 * @param keyFile - the value of `--seal-key`
 * @param isSealed - whether the request holds a seal; keys are for that alone
 */
export async function explainedSealing(
  { sealing }: BehalfConfig,
  keyFile: string | undefined,
  isSealed: boolean,
): Promise<Sealing | undefined> {
  const given = keyFile === undefined ? undefined : await readSealKeys(keyFile)
  if (given !== undefined && isSealed) return given.sealing
  if (sealing === undefined) return undefined
  const lackKeys =
    sealing.faults.length > 0 && sealing.faults.every(({ path }) => path.startsWith('sealing.keys'))
  return withoutClaims(lackKeys ? (await unusedSealKeys()).sealing : sealing)
}

function withoutClaims(sealing: Sealing): Sealing {
  return {
    faults: sealing.faults,
    withSources: (sourceOf) => withoutClaims(sealing.withSources(sourceOf)),
    start(surroundings) {
      const seals = sealing.start(surroundings)
      return {
        required: seals.required,
        open: (text, purpose) => seals.open(text, purpose),
        claim: () => undefined,
        load: () => seals.load(),
        publish: () => seals.publish(),
        get fault() {
          return seals.fault
        },
        get ready() {
          return seals.ready
        },
      }
    },
  }
}

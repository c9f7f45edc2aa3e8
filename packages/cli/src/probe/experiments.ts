import type { Experiment } from './experiment.ts'
import { audienceSteering } from './experiments/audience-steering.ts'
import { claimsTaken } from './experiments/claims-taken.ts'
import { introspection } from './experiments/introspection.ts'
import { longestUrl } from './experiments/longest-url.ts'

/** Every experiment, in the order in which they are made. */
export const experiments: readonly Experiment[] = [claimsTaken, audienceSteering, longestUrl, introspection]

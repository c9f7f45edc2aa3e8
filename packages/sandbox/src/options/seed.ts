import type { SandboxOptions } from './sandbox-options.ts'

/** What a seed can say: every option but those that are not data. */
export type Seed = Omit<SandboxOptions, 'clock' | 'fetch' | 'onRequest' | 'state'>

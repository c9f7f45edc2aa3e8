import { createWorker, type FetchWorker } from '@behalf/hook/workers'
import { configOf } from './setup.ts'

/** The hook as a Worker; the configuration is a variable. */
const worker: FetchWorker<{ readonly SETUP: string }> = createWorker(({ SETUP }) => configOf(SETUP), {
  log: () => undefined,
})

export default worker

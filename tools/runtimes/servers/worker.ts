import { createWorker, type FetchWorker } from '@behalf/hook/workers'

/** The hook as a Worker; the configuration is a variable. */
const worker: FetchWorker<{ readonly SETUP: string }> = createWorker(({ SETUP }) => JSON.parse(SETUP), {
  log: () => undefined,
})

export default worker

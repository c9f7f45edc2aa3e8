/** Calls something until it has taken so much of the processor, and returns what one call takes, in milliseconds. */
export async function cpuMillis(work: () => unknown, enoughMs: number): Promise<number> {
  await work()
  await work()
  const startedMs = ownCpuMillis()
  let calls = 0
  let takenMs = 0
  do {
    await work()
    calls++
    takenMs = ownCpuMillis() - startedMs
  } while (takenMs < enoughMs)
  return takenMs / calls
}

/** What this thread has used of the processor, which does not grow while others use it. */
function ownCpuMillis(): number {
  const { user, system } = process.threadCpuUsage()
  return (user + system) / 1_000
}

/** Calls code of the operator's, which may throw or reject without any consequence for the answer. */
export function callOut(call: () => unknown, onFailure: (error: unknown) => void): void {
  try {
    const result = call()
    // A promise of another realm or library counts, too.
    if (typeof result === 'object' && result !== null && 'then' in result)
      Promise.resolve(result).catch(onFailure)
  } catch (error) {
    onFailure(error)
  }
}

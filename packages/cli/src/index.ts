/** Runs the command line and resolves to its exit code. */
export async function main(_args: readonly string[]): Promise<number> {
  return 2
}

/** Where event hooks are called: beside the inline hook, at `event-hook` in place of the last part of its path. */
export function eventPathOf(hookPath: string): string {
  return hookPath.replace(/[^/]*$/, 'event-hook')
}

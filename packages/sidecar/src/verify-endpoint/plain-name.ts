/**
 * Spells the name of a header as CGI and its heirs do, to whom every character but letters and digits can be the same: some
 * take `_` for `-`, PHP takes `.` for both, others any character.
 *
 * @param name - in lower case
 */
export function plainName(name: string): string {
  return name.replaceAll(/[^a-z0-9]/g, '-')
}

const weekdays = ['Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat', 'Sun']

/**
 * Reads the clock on the wall of a time zone, daylight saving included.
 *
 * @param timeZone - an IANA name, e.g. `Europe/Berlin`
 * @returns a function to weekday (1, Monday, to 7) and hour (0 to 23); undefined when there is no such zone
 */
export function localTimeIn(
  timeZone: string,
): ((timeMs: number) => { readonly weekday: number; readonly hour: number }) | undefined {
  let format: Intl.DateTimeFormat
  try {
    format = new Intl.DateTimeFormat('en-GB', {
      timeZone,
      weekday: 'short',
      hour: '2-digit',
      hourCycle: 'h23',
    })
  } catch {
    // The zone does not exist; the caller says so.
    return undefined
  }
  return (timeMs) => {
    const parts = format.formatToParts(timeMs)
    const find = (type: string): string => parts.find((part) => part.type === type)?.value ?? ''
    return { weekday: weekdays.indexOf(find('weekday')) + 1, hour: Number(find('hour')) }
  }
}

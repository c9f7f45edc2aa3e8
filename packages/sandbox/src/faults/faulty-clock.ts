import type { Clock } from '../org/clock.ts'
import type { Faults } from './faults.ts'

/** Returns the org's clock while it may be off. */
export function faultyClock(clock: Clock, faults: Faults): Clock {
  return { now: () => clock.now() + (faults.find('clock-skew')?.seconds ?? 0) * 1000 }
}

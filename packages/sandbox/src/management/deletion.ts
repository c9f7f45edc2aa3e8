import { ApiFault, invalid } from '../http/api-fault.ts'

/** Refuses to delete what is active, as the org is known to. */
export function refuseDeletion(outcome: string, reason: string): void {
  switch (outcome) {
    case 'deleted':
      return
    case '400 E0000001':
      throw invalid('status', reason)
    case '403 E0000006':
      throw new ApiFault('E0000006', 'You do not have permission to perform the requested action')
    default:
      throw new ApiFault('E0000056', 'Delete application forbidden.')
  }
}

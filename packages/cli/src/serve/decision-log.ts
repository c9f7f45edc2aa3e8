import type { Writable } from 'node:stream'
import { escapeUnprintable } from '@behalf/core/internal'

/** How a {@link createDecisionLog} bears that nobody reads. */
export interface DecisionLogOptions {
  /** How much may wait to be written; 1 MiB by default. */
  readonly maxBufferedBytes?: number
  /** Is told when records begin to be lost, and why. */
  readonly onLoss?: (what: string) => void
}

/**
 * Writes one JSON line a record, those of one turn of the event loop together, and never waits: while the reader
 * of the stream is stuck, records are dropped and counted, and the next line that gets through says how many. A
 * reader that has gone away ends the log and not the process.
 */
export function createDecisionLog(
  stream: Writable,
  { maxBufferedBytes = 1_048_576, onLoss = () => undefined }: DecisionLogOptions = {},
): (record: object) => void {
  let dropped = 0
  let lines = ''
  // A write of its own for each record would cost as much as a decision.
  const writeAtTurnEnd = (): void => {
    setImmediate(() => {
      stream.write(lines)
      lines = ''
    })
  }
  // Without a listener the error would end the process; the records are lost either way.
  stream.once('error', () => onLoss('nobody reads them any more'))
  stream.on('error', () => undefined)
  return (record) => {
    if (!stream.writable) return
    if (stream.writableLength + lines.length > maxBufferedBytes) {
      if (dropped++ === 0) onLoss('their reader does not keep up; the next line says how many are missing')
      return
    }
    if (lines === '') writeAtTurnEnd()
    lines += `${toLine(dropped === 0 ? record : { ...record, droppedRecords: dropped })}\n`
    dropped = 0
  }
}

/** JSON itself escapes what is below the space; terminals and viewers obey more than that. */
function toLine(record: object): string {
  return escapeUnprintable(JSON.stringify(record))
}

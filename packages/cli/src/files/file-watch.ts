import { type FSWatcher, statSync, watch } from 'node:fs'
import { basename, dirname } from 'node:path'
import type { Clock } from '@behalf/core'

const settleMs = 100

/**
 * Calls back when one of the files, or a file in one of the folders, has changed, once for changes that come
 * together. Files are watched through their folders, because editors and mounted configurations replace them.
 * The process stays alive while it watches.
 *
 * @returns a function that ends it
 */
export function watchFiles(paths: readonly string[], clock: Clock, onChange: () => void): () => void {
  let cancel = (): void => undefined
  const changed = (): void => {
    cancel()
    cancel = clock.schedule(onChange, settleMs)
  }
  const watchers = paths.map((path) => watchPath(path, changed))
  return () => {
    cancel()
    for (const watcher of watchers) watcher.close()
  }
}

function watchPath(path: string, changed: () => void): FSWatcher {
  const isFolder = statSync(path, { throwIfNoEntry: false })?.isDirectory() === true
  const name = basename(path)
  const watcher = watch(isFolder ? path : dirname(path), (_, changedName) => {
    // Mounted configurations swap a link beside the file, whose name begins with dots.
    if (isFolder || changedName === null || changedName === name || changedName.startsWith('..')) changed()
  })
  // A folder that is gone is a change; without a listener it would end the process.
  return watcher.on('error', changed)
}

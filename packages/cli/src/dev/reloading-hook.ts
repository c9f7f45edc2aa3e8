import { readdirSync } from 'node:fs'
import { dirname, join } from 'node:path'
import type { Clock } from '@behalf/core'
import { watchFiles } from '../files/file-watch.ts'
import { CommandFault } from '../terminal/command.ts'
import { type HookProcess, type HookProcessOptions, startHookProcess } from './hook-process.ts'

/** A hook that follows its configuration. */
export interface ReloadingHook {
  /** Where the present one takes calls. */
  readonly url: string
  stop(): Promise<void>
}

/** What is told when the configuration has changed. */
export type OnReload = (fault: CommandFault | undefined) => void

const ignoredFolders = new Set(['node_modules', 'dist', 'coverage'])
const maxFiles = 500

/**
 * Starts a hook and, whenever a source file of its folder changes, another one that takes its place once it
 * listens. One that does not come up is told about, and the one before goes on.
 */
export async function startReloadingHook(
  options: HookProcessOptions,
  clock: Clock,
  onReload: OnReload,
): Promise<ReloadingHook> {
  let current = await startHookProcess(options)
  let reloading: Promise<void> = Promise.resolve()
  const reload = async (): Promise<void> => {
    let next: HookProcess
    try {
      next = await startHookProcess(options)
    } catch (error) {
      if (!(error instanceof CommandFault)) throw error
      onReload(error)
      return
    }
    const previous = current
    current = next
    onReload(undefined)
    await previous.stop()
  }
  const { configFile } = options
  const sources = configFile === undefined ? [] : listSources(dirname(configFile))
  const stopWatching = watchFiles(sources, clock, () => {
    reloading = reloading.then(reload)
  })
  return {
    get url() {
      return current.url
    },
    async stop() {
      stopWatching()
      await reloading
      await current.stop()
    },
  }
}

/** What a configuration may be made of: the source files beside it and in folders below. */
function listSources(folder: string): string[] {
  const found: string[] = []
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    if (found.length >= maxFiles) break
    const path = join(folder, entry.name)
    if (entry.isFile() && /\.(ts|mts|js|mjs|json|cedar)$/.test(entry.name)) found.push(path)
    else if (entry.isDirectory() && !ignoredFolders.has(entry.name) && !entry.name.startsWith('.')) {
      found.push(...listSources(path))
    }
  }
  return found
}

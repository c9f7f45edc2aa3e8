import { existsSync } from 'node:fs'
import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { writeNewFile } from '../files/new-file.ts'
import { CommandError } from '../terminal/command.ts'
import { ownVersion } from '../terminal/version.ts'
import type { ProjectFacts } from './facts.ts'
import { completeManifest, joinManifests } from './manifest.ts'
import { filesOf, manifestOf } from './template.ts'

/** How much is written, and what decides. */
export interface ProjectWish {
  readonly facts: ProjectFacts
  readonly policy: 'function' | 'cedar'
  /** The hook's files alone, for a project that is there already. */
  readonly isHookOnly: boolean
}

/**
 * Writes the files of a new project, each a new one but for a `package.json` that holds dependencies alone, which is
 * completed. Nothing is written when one of the others is there.
 *
 * @returns what was written
 */
export async function writeProject(
  folder: string,
  { facts, policy, isHookOnly }: ProjectWish,
): Promise<readonly string[]> {
  const files = chooseFiles({ facts, policy, isHookOnly }).map(([name, content]) => ({
    path: join(folder, name),
    content,
  }))
  const present = files.map(({ path }) => path).filter((path) => existsSync(path))
  if (present.length > 0)
    throw new CommandError(
      `${present.join(', ')} exists already, so nothing was written; choose another --dir`,
    )
  const manifest = join(folder, 'package.json')
  const written: string[] = []
  if (!isHookOnly) {
    const wanted = joinManifests(
      [manifestOf('project'), ...(policy === 'cedar' ? [manifestOf('cedar')] : [])],
      ownVersion(),
    )
    const completed = existsSync(manifest)
      ? completeManifest(await readFile(manifest, 'utf8'), wanted, manifest)
      : wanted
    await writeFile(manifest, `${JSON.stringify(completed, null, 2)}\n`)
    written.push(manifest)
  }
  for (const { path, content } of files) {
    if (dirname(path) !== folder) await mkdir(dirname(path), { recursive: true })
    await writeNewFile(path, content)
    written.push(path)
  }
  return written
}

const policyTest = 'behalf.policy.test.mjs'
const hookFiles = ['behalf.config.ts', 'behalf.policy.ts', policyTest]

function chooseFiles({ facts, policy, isHookOnly }: ProjectWish): readonly (readonly [string, string])[] {
  const files = new Map(filesOf('project', facts))
  if (isHookOnly) for (const name of files.keys()) if (!hookFiles.includes(name)) files.delete(name)
  if (policy === 'cedar') {
    files.delete(policyTest)
    for (const [name, content] of filesOf('cedar', facts)) files.set(name, content)
  }
  return [...files]
}

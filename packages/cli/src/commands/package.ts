import { mkdir, writeFile } from 'node:fs/promises'
import { dirname } from 'node:path'
import type { Policy } from '@behalf/hook'
import { findConfigFile, loadConfig } from '../config/config-file.ts'
import { composition } from '../lambda/composition.ts'
import { refuseUnpackable } from '../lambda/packable-config.ts'
import { type Terminal, UsageError } from '../terminal/command.ts'
import type { Input } from '../terminal/usage.ts'
import type { packageLambda } from '../usage/package.ts'

/** Packs the hook for AWS Lambda. */
export async function run({ options }: Input<typeof packageLambda>, terminal: Terminal): Promise<number> {
  const { out } = options
  const config = findConfigFile(options.config)
  if (config === undefined && terminal.env['POLICY_FILES'] !== undefined)
    throw new UsageError(
      'POLICY_FILES is not packed, so the function would permit more than its policies do; name them in behalf.config.ts: policy: cedar({ policies: … })',
    )
  const policy = config === undefined ? undefined : await loadPackablePolicy(config, terminal)
  // Loaded only now, because no other command needs them.
  const { bundleLambda } = await import('../lambda/bundle.ts')
  const { policyFiles } = await import('../lambda/policy-files.ts')
  const { zip } = await import('../lambda/zip.ts')
  const bundle = await bundleLambda(config)
  const policies = policyFiles(policy)
  const archive = zip({ 'index.mjs': bundle.code, ...policies })
  await mkdir(dirname(out), { recursive: true })
  await writeFile(out, archive)
  terminal.print(`${out}: ${kilobytes(archive.length)} (index.mjs: ${kilobytes(bundle.code.length)})`)
  for (const { name, bytes } of composition(bundle)) {
    terminal.print(`  ${kilobytes(bytes).padStart(9)}  ${name}`)
  }
  for (const name of Object.keys(policies)) terminal.print(`policy: ${name}`)
  terminal.print(`configuration: ${config ?? "the function's environment"}`)
  terminal.print('runtime nodejs24.x, handler index.handler, arm64 or x86_64')
  return 0
}

async function loadPackablePolicy(config: string, { env }: Terminal): Promise<Policy | undefined> {
  const loaded = await loadConfig(config, env)
  refuseUnpackable(loaded)
  return loaded.policy
}

function kilobytes(bytes: number): string {
  return `${(bytes / 1000).toFixed(1)} kB`
}

import { mkdir } from 'node:fs/promises'
import { dirname, resolve } from 'node:path'
import { findConfigFile, loadConfig } from '../config/config-file.ts'
import { replacePrivateFile } from '../files/new-file.ts'
import { composition } from '../lambda/composition.ts'
import { findLiteralSecrets } from '../lambda/literal-secrets.ts'
import { refuseUnpackable } from '../lambda/packable-config.ts'
import { stamp } from '../lambda/stamp.ts'
import { variablesOf } from '../lambda/variables.ts'
import { CommandError, type Terminal, UsageError } from '../terminal/command.ts'
import type { Input } from '../terminal/usage.ts'
import { ownVersion } from '../terminal/version.ts'
import type { packageLambda } from '../usage/package.ts'

/** Packs the hook for AWS Lambda. */
export async function run({ options }: Input<typeof packageLambda>, terminal: Terminal): Promise<number> {
  const { out, sealing } = options
  const configFile = findConfigFile(options.config)
  if (configFile === undefined && terminal.env['POLICY_FILES'] !== undefined)
    throw new UsageError(
      'POLICY_FILES is not packed, so the function would permit more than its policies do; name them in behalf.config.ts: policy: cedar({ policies: … })',
    )
  if (configFile !== undefined && sealing)
    throw new UsageError(
      `--sealing is for a function that its environment configures; in ${configFile} say sealing: sealed({ … })`,
    )
  const config = configFile === undefined ? undefined : await loadConfig(configFile, terminal.env)
  const tolerated = config === undefined ? 'all' : refuseUnpackable(config)
  // Loaded only now, because no other command needs them.
  const { bundleLambda } = await import('../lambda/bundle.ts')
  const { includedFiles, namedFiles, policyFiles } = await import('../lambda/packed-files.ts')
  const { tryFunction, runtimeMajor } = await import('../lambda/trial.ts')
  const { zip } = await import('../lambda/zip.ts')
  const bundle = await bundleLambda(configFile, sealing)
  const policies = policyFiles(config?.policy)
  const others = { ...namedFiles(bundle.sources), ...includedFiles(options.include) }
  const { files, digest } = stamp({ ...others, ...policies, 'index.mjs': bundle.code }, ownVersion())
  const secrets = findLiteralSecrets(files, bundle.sources, config)
  if (secrets.length > 0) warnOfSecrets(secrets, options['dangerously-pack-secrets'], terminal)
  const project = dirname(resolve(configFile ?? 'index.mjs'))
  const { variables } = await tryFunction(files, { project, env: terminal.env, tolerated })
  const archive = zip(files)
  await mkdir(dirname(out), { recursive: true })
  await replacePrivateFile(out, archive)

  terminal.print(`${out}: ${kilobytes(archive.length)} (index.mjs: ${kilobytes(bundle.code.length)})`)
  for (const { name, bytes } of composition(bundle)) {
    terminal.print(`  ${kilobytes(bytes).padStart(9)}  ${name}`)
  }
  for (const name of Object.keys(policies)) terminal.print(`policy: ${name}`)
  for (const name of Object.keys(others)) {
    if (!(name in policies)) terminal.print(`file: ${name}`)
  }
  terminal.print(`configuration: ${configFile ?? "the function's environment"}`)
  const { setByStack, others: own } = variablesOf(Object.values(bundle.sources), variables)
  terminal.print(`of the environment, set by deploy/aws: ${list(setByStack)}`)
  terminal.print(`of the environment, not set by deploy/aws: ${list(own)}`)
  terminal.print(`contents: sha256 ${digest}, which the function's log begins with`)
  if (Number.parseInt(process.versions.node, 10) !== runtimeMajor)
    terminal.print(`tried on Node ${process.versions.node} and not on the runtime's, ${runtimeMajor}`)
  terminal.print('runtime nodejs24.x, handler index.handler, arm64 or x86_64')
  return 0
}

function warnOfSecrets(places: readonly string[], areWanted: boolean, { complain }: Terminal): void {
  if (!areWanted)
    throw new CommandError(
      'secrets would lie in the zip, for everybody who can read it; read them from the environment, or by an ARN (--dangerously-pack-secrets packs them all the same):',
      places,
    )
  complain('behalf package: secrets lie in the zip, for everybody who can read it:')
  for (const place of places) complain(`  ${place}`)
}

function list(names: readonly string[]): string {
  return names.length === 0 ? 'nothing' : names.join(', ')
}

function kilobytes(bytes: number): string {
  return `${(bytes / 1000).toFixed(1)} kB`
}

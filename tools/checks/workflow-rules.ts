import { array, literal, object, optional, parse, record, string, union, unknown } from 'valibot'
import { parse as parseYaml } from 'yaml'

const Step = object({
  uses: optional(string()),
  run: optional(string()),
  with: optional(record(string(), unknown())),
})
const Permissions = record(string(), union([literal('read'), literal('write'), literal('none')]))
const Workflow = object({
  on: record(string(), unknown()),
  permissions: Permissions,
  jobs: record(
    string(),
    object({ permissions: Permissions, 'timeout-minutes': unknown(), steps: array(Step) }),
  ),
})

/** What a job that can publish may use and run; nothing of it installs, builds or tests. */
const publishingActions = new Set(['actions/setup-node', 'actions/download-artifact'])
const publishingCommands =
  /^(?:for \w+ in [\w./*]+|done|sha256sum --strict --check - <<< "\$\w+"|npm publish "\$\w+" --ignore-scripts(?: --?[\w-]+(?: \w+)?)*)$/

/**
 * Finds what a workflow of GitHub Actions must not do: jobs that can publish run no code but npm's own, install scripts
 * run nowhere, actions are pinned to commits, nobody has more rights than are named, and no text from outside is made
 * part of a script, nothing is published without a statement of where it is from, and images are built on a base that nobody
 * can exchange.
 *
 * @param text - the file, YAML
 */
export function findWorkflowFaults(text: string): readonly string[] {
  const { on, permissions, jobs } = parse(Workflow, parseYaml(text))
  const faults: string[] = []
  for (const trigger of ['pull_request_target', 'workflow_run'])
    if (trigger in on) faults.push(`${trigger} runs with this repository's rights on others' code`)
  if (Object.keys(permissions).length > 0) faults.push('rights are given to all jobs; give them to each')
  for (const [name, job] of Object.entries(jobs)) {
    const canPublish = job.permissions['id-token'] === 'write'
    const found = job.steps.flatMap((step) => [
      ...(step.uses === undefined ? [] : findActionFaults(step.uses, step.with ?? {}, canPublish)),
      ...(step.run === undefined ? [] : findCommandFaults(step.run, canPublish)),
    ])
    if (typeof job['timeout-minutes'] !== 'number') found.push('it has no timeout-minutes')
    if (canPublish && Object.keys(job.permissions).length > 1) found.push('it has more rights than id-token')
    for (const [right, access] of Object.entries(job.permissions))
      if (access === 'write' && right !== 'id-token') found.push(`it may write ${right}`)
    faults.push(...found.map((fault) => `job ${name}: ${fault}`))
  }
  return faults
}

function findActionFaults(
  uses: string,
  inputs: Readonly<Record<string, unknown>>,
  canPublish: boolean,
): readonly string[] {
  const [action = '', version = ''] = uses.split('@')
  const faults: string[] = []
  if (!/^[0-9a-f]{40}$/.test(version)) faults.push(`${uses} is not pinned to a commit`)
  if (canPublish && !publishingActions.has(action)) faults.push(`it can publish and uses ${action}`)
  if (action === 'actions/checkout' && inputs['persist-credentials'] !== false)
    faults.push('checkout leaves its credentials behind')
  if (canPublish && action === 'actions/setup-node' && inputs['package-manager-cache'] !== false)
    faults.push('it can publish and restores a cache')
  return faults
}

const baseByDigest = / --build-arg "?NODE_IMAGE=[^\s"]*@\$DIGEST"? /
const stage = /^FROM (?:\$\{NODE_IMAGE\}|(\S+))(?: AS (\S+))?$/gim

/**
 * Finds the stages of a Dockerfile that are built on something else than the base that a build is told, or a stage before.
 *
 * @param text - the Dockerfile
 */
export function findBaseFaults(text: string): readonly string[] {
  const stages = new Set<string>()
  const faults: string[] = []
  for (const [, base, name] of text.matchAll(stage)) {
    if (base !== undefined && !stages.has(base))
      faults.push(`FROM ${base}: it is neither NODE_IMAGE nor a stage before`)
    if (name !== undefined) stages.add(name)
  }
  return faults
}

function findCommandFaults(script: string, canPublish: boolean): readonly string[] {
  const faults: string[] = []
  if (script.includes('${{')) faults.push('an expression is pasted into a script; pass it by env')
  for (const command of script.split(/\n|;|&&|\|\||\||\bdo /).map((part) => part.trim())) {
    if (command === '') continue
    if (/^npm (?:ci|i|install)\b/.test(command) && !command.includes('--ignore-scripts'))
      faults.push(`'${command}' runs install scripts`)
    if (/^docker (?:buildx )?build\b/.test(command) && !baseByDigest.test(command))
      faults.push(`'${command}' builds on what a name means today; pass NODE_IMAGE=…@$DIGEST`)
    if (canPublish && !publishingCommands.test(command)) faults.push(`it can publish and runs '${command}'`)
    else if (command.startsWith('npm publish') && !/ --provenance(?! false)(?= |$)/.test(command))
      faults.push(`'${command}' states no provenance`)
  }
  return faults
}

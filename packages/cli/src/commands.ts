import type { Command, CommandGroup, Terminal } from './terminal/command.ts'
import type { Input, Usage } from './terminal/usage.ts'
import { completion } from './usage/completion.ts'
import { dev } from './usage/dev.ts'
import { doctor } from './usage/doctor.ts'
import { exchange } from './usage/exchange.ts'
import { fault } from './usage/fault.ts'
import { health } from './usage/health.ts'
import { init } from './usage/init.ts'
import { inspect } from './usage/inspect.ts'
import { clientKeys, sealKeys, testKeys } from './usage/keys.ts'
import { packageLambda } from './usage/package.ts'
import { policyCheck, policyExplain, policyTest } from './usage/policy.ts'
import { probe } from './usage/probe.ts'
import { provision } from './usage/provision.ts'
import { replay } from './usage/replay.ts'
import { revoke } from './usage/revoke.ts'
import { sandbox } from './usage/sandbox.ts'
import { serve } from './usage/serve.ts'
import { sidecar } from './usage/sidecar.ts'
import { token } from './usage/token.ts'
import { watch } from './usage/watch.ts'

/** Every command, in the order that the help lists them. */
export const commands: readonly (Command | CommandGroup)[] = [
  command(init, () => import('./commands/init.ts')),
  command(dev, () => import('./commands/dev.ts')),
  command(serve, () => import('./commands/serve.ts')),
  command(sidecar, () => import('./commands/sidecar.ts')),
  command(sandbox, () => import('./commands/sandbox.ts')),
  command(fault, () => import('./commands/fault.ts')),
  command(health, () => import('./commands/health.ts')),
  command(token, () => import('./commands/token.ts')),
  command(exchange, () => import('./commands/exchange.ts')),
  command(inspect, () => import('./commands/inspect.ts')),
  command(replay, () => import('./commands/replay.ts')),
  {
    name: 'policy',
    summary: 'check, test and explain policies: who may act for whom',
    members: [
      command(policyCheck, () => import('./commands/policy-check.ts')),
      command(policyTest, () => import('./commands/policy-test.ts')),
      command(policyExplain, () => import('./commands/policy-explain.ts')),
    ],
  },
  command(packageLambda, () => import('./commands/package.ts')),
  {
    name: 'keys',
    summary:
      "make keys: to seal users' tokens for, for a client that authenticates with private_key_jwt, or for tests",
    members: [
      command(sealKeys, () => import('./commands/keys-seal.ts')),
      command(clientKeys, () => import('./commands/keys-client.ts')),
      command(testKeys, () => import('./commands/keys-test.ts')),
    ],
  },
  command(provision, () => import('./commands/provision.ts')),
  command(revoke, () => import('./commands/revoke.ts')),
  command(doctor, () => import('./commands/doctor.ts')),
  command(watch, () => import('./commands/watch.ts')),
  command(probe, () => import('./commands/probe.ts')),
  command(completion, async () => {
    const { completionOf } = await import('./commands/completion.ts')
    return { run: completionOf(commands) }
  }),
]

function command<const U extends Usage>(
  usage: U,
  load: () => Promise<{ readonly run: (input: Input<U>, terminal: Terminal) => Promise<number> }>,
): Command {
  return {
    usage,
    async run(args, terminal) {
      const { readArguments } = await import('./terminal/arguments.ts')
      const { readInsecureHosts } = await import('./terminal/insecure-hosts.ts')
      const input = readArguments(usage, args, readInsecureHosts(terminal.env))
      const { run } = await load()
      return run(input, terminal)
    },
  }
}

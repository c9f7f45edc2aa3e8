import { type Command, UsageError } from '../terminal/command.ts'
import { checkPolicy } from './policy-check.ts'
import { explainDecision } from './policy-explain.ts'
import { testPolicy } from './policy-test.ts'

const subcommands = { check: checkPolicy, test: testPolicy, explain: explainDecision }

/** Checks, tests and explains policies. */
export const policy: Command = {
  name: 'policy',
  summary: 'check, test and explain policies: who may act for whom',
  words: Object.keys(subcommands),
  help: `Usage: behalf policy check [PATH…] [--config FILE] [--strict] [--json]
       behalf policy test FILE… [--config FILE] [--json] [--watch]
       behalf policy explain --event FILE [--config FILE] [--at TIME] [--json]

check    says what is wrong with policies, with file, line and reason, and what is hardly meant: policies that
         can never apply, or are passed by without a claim that may be missing, clients that no policy permits
         anything, clients that are named but not configured. PATH names Cedar files or folders, read as those
         of the configuration are, or files of tests that name policies; without one, the policy of the
         configuration is checked.
test     asks a policy the cases of YAML files and compares the answers; docs/policy.md shows the format.
explain  goes through the steps of a hook request and says what each one found. The request is the body that Okta
         sends, as JSON; its caller is not authenticated, because a body has no headers.

  --config FILE  the configuration; behalf.config.ts in this folder by default, else the environment
  --strict       what is hardly meant is an error, too
  --json         machine-readable output
  --watch        test again whenever a test or a policy changes, until stopped; policies in files, no functions
  --event FILE   the hook request
  --at TIME      explain as of this moment (ISO 8601), because assertions expire; now by default

The exit code is 0 when all is well, 1 when it is not, 2 after wrong use.

Examples:
  behalf policy check policies --strict
  behalf policy test policies/*.test.yaml --watch
  behalf policy explain --event request.json --at 2026-11-24T09:30:00Z`,

  async run([name, ...args], terminal) {
    const subcommand = Object.entries(subcommands).find(([candidate]) => candidate === name)?.[1]
    if (subcommand === undefined) throw new UsageError('say check, test or explain; --help shows examples')
    return subcommand(args, terminal)
  },
}

import { type Command, CommandError } from '../command.ts'

/** Runs a local Okta org. */
export const sandbox: Command = {
  name: 'sandbox',
  summary: 'run a local Okta org',
  help: 'Usage: behalf sandbox [--port N] [--hook URL] [--hook-secret S]',
  async run() {
    throw new CommandError('the sandbox is not part of this build')
  },
}

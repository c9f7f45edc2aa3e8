import { readNamedFile } from '../files/read-file.ts'
import type { Terminal } from '../terminal/command.ts'
import { signInAtSandbox } from './sandbox-sign-in.ts'

/** Where the user's access token comes from. */
export interface AssertionSource {
  /** A file, or `-` for standard input. */
  readonly file: string | undefined
  /** A user to sign in at a sandbox. */
  readonly login: string | undefined
  /** The authorization server that issues the delegated token. */
  readonly issuer: string
  /** The one that the user signs in at; the sandbox finds it when it is absent. */
  readonly userIssuer?: string | undefined
  /** The app that the user signs in to; likewise. */
  readonly appId: string | undefined
}

/** Obtains the user's access token; undefined when nothing says where from. */
export async function obtainAssertion(
  { file, login, issuer: delegation, userIssuer, appId }: AssertionSource,
  terminal: Terminal,
): Promise<string | undefined> {
  if (login !== undefined) {
    const isUsersIssuer = userIssuer !== undefined
    return signInAtSandbox({ issuer: userIssuer ?? delegation, login, isUsersIssuer, appId })
  }
  const text =
    file === '-'
      ? await terminal.readInput()
      : file === undefined
        ? undefined
        : await readNamedFile(file, 'the file that --assertion names')
  const token = (text ?? terminal.env['ASSERTION'])?.trim().replace(/^Bearer +/i, '')
  return token === '' ? undefined : token
}

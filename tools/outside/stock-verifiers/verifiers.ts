import { spawn, spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import process from 'node:process'
import { text } from 'node:stream/consumers'
import { fileURLToPath } from 'node:url'
import { goEnvironment, perl, python, ruby } from '../debian.ts'
import type { Outsider } from '../outsider.ts'

/** What an API is told, and what it is called with. */
export interface Told {
  readonly issuer: string
  readonly audience: string
  readonly jwksUri: string
  readonly jwks: object
  /** The same key as PEM, for libraries that know nothing of key sets. */
  readonly pem: string
  readonly tokens: Readonly<Record<string, string>>
}

/** What became of a token: the subject that was seen, or the library's own words. */
export type Verdict =
  | { readonly accepted: string; readonly refused?: never }
  | { readonly accepted?: never; readonly refused: string }
/** By the names of the tokens. */
export type Verdicts = Readonly<Record<string, Verdict>>

/** A verifier that others have written. */
export interface StockVerifier {
  readonly name: string
  verify(told: Told): Promise<Verdicts>
}

const fileOf = (name: string): string => fileURLToPath(new URL(name, import.meta.url))

/** Asks a program of this folder, which reads what it is told and prints what becomes of the tokens. */
async function ask(
  told: Told,
  [command, ...args]: readonly [string, ...string[]],
  env = {},
): Promise<Verdicts> {
  const child = spawn(command, args, {
    stdio: ['pipe', 'pipe', 'inherit'],
    env: { ...process.env, ...env },
  })
  child.stdin.end(JSON.stringify(told))
  return JSON.parse(await text(child.stdout))
}

const onNode = (name: string): StockVerifier => ({
  name,
  verify: (told) => ask(told, [process.execPath, fileOf(`npm/${name}.mjs`)]),
})

/** Libraries from npm, by the names of their packages. */
export const fromNpm: readonly StockVerifier[] = [
  'jose',
  'okta-jwt-verifier',
  'aws-jwt-verify',
  'fast-jwt',
  'express-oauth2-jwt-bearer',
  'passport-jwt',
].map(onNode)

/** What a verifier does that is told the issuer and nothing else. */
export const withoutAudience: StockVerifier = onNode('jose-without-audience')

/** Libraries of other languages, from Debian. */
export const fromDebian: readonly (StockVerifier & Outsider)[] = [
  {
    name: 'PyJWT',
    debianPackage: 'python3-jwt',
    probe: [python, '-c', 'import jwt, cryptography'],
    verify: (told) => ask(told, [python, fileOf('debian/pyjwt.py')]),
  },
  {
    name: 'Authlib',
    debianPackage: 'python3-authlib',
    probe: [python, '-c', 'import authlib.jose'],
    verify: (told) => ask(told, [python, fileOf('debian/authlib.py')]),
  },
  {
    name: 'golang-jwt',
    debianPackage: 'golang-github-golang-jwt-jwt-dev',
    probe: ['/bin/sh', '-c', 'go version && test -d /usr/share/gocode/src/github.com/golang-jwt/jwt'],
    verify: (told) => ask(told, ['go', 'run', fileOf('debian/golang-jwt.go')], goEnvironment),
  },
  {
    name: 'ruby-jwt',
    debianPackage: 'ruby-jwt',
    probe: [ruby, '-e', "require 'jwt'"],
    verify: (told) => ask(told, [ruby, fileOf('debian/ruby-jwt.rb')]),
  },
  {
    name: 'Crypt::JWT',
    debianPackage: 'libcrypt-jwt-perl',
    probe: [perl, '-MCrypt::JWT', '-e', '1'],
    verify: (told) => ask(told, [perl, fileOf('debian/crypt-jwt.pl')]),
  },
  {
    name: 'libjwt',
    debianPackage: 'libjwt-dev',
    probe: ['/bin/sh', '-c', 'command -v cc && test -f /usr/include/jwt.h'],
    verify: async (told) => askLibjwt(told),
  },
]

/** Compiles the program, and runs it for each token. */
function askLibjwt({ issuer, audience, pem, tokens }: Told): Verdicts {
  const folder = mkdtempSync(join(tmpdir(), 'behalf-libjwt-'))
  try {
    const [program, key, tokenFile] = ['verify', 'key.pem', 'token'].map((name) => join(folder, name))
    if (program === undefined || key === undefined || tokenFile === undefined) throw new Error('unreachable')
    run('cc', ['-o', program, fileOf('debian/libjwt.c'), '-ljwt'])
    writeFileSync(key, pem)
    const now = String(Math.floor(Date.now() / 1000))
    const verdicts = Object.entries(tokens).map(([name, token]): [string, Verdict] => {
      writeFileSync(tokenFile, token)
      const { status, said } = run(program, [issuer, audience, now, key, tokenFile], [0, 1])
      return [name, status === 0 ? { accepted: said } : { refused: said }]
    })
    return Object.fromEntries(verdicts)
  } finally {
    rmSync(folder, { recursive: true })
  }
}

function run(command: string, args: readonly string[], good: readonly number[] = [0]) {
  const { status, stdout, stderr, error } = spawnSync(command, args, { encoding: 'utf8' })
  if (error !== undefined || status === null || !good.includes(status))
    throw new Error(`${command} ended with ${status}: ${error?.message ?? stderr}`)
  return { status, said: stdout.trim() }
}

import { describe, expect, it } from 'vitest'
import { commands } from '../src/commands.ts'
import { main } from '../src/index.ts'
import { recordedTerminal } from './recorded-terminal.ts'

async function complaintsOf(...args: string[]): Promise<readonly string[]> {
  const terminal = recordedTerminal()
  expect(await main(args, terminal)).toBe(2)
  expect(terminal.stdout).toEqual([])
  return terminal.stderr
}

describe('arguments', () => {
  it('are refused with everything that is wrong with them', async () => {
    expect(
      await complaintsOf(
        'exchange',
        '--scop',
        'a',
        '--app',
        '',
        '--assertion',
        'f',
        '--sign-in',
        'a',
        '--json=1',
      ),
    ).toEqual([
      'behalf exchange: cannot be understood:',
      '  there is no option --scop; did you mean --scope?',
      '  --issuer is missing: the authorization server that issues the delegated token',
      '  --assertion and --sign-in exclude each other; give one',
      '  --app must be a name without surrounding blanks',
      '  --json takes no value',
    ])
  })

  it.each([
    [['serv'], "behalf: there is no command 'serv'; did you mean serve?"],
    [['expalin'], "behalf: there is no command 'expalin'; 'behalf --help' lists them"],
    [['doctro'], "behalf: there is no command 'doctro'; did you mean doctor?"],
    [['policy', 'chek'], 'behalf policy: expected check, test or explain; did you mean check?'],
    [['policy'], 'behalf policy: expected check, test or explain'],
    [['serve', '--prot', '1'], 'behalf serve: there is no option --prot; did you mean --port?'],
    [['serve', '-p', '1'], 'behalf serve: there is no option -p; --help lists them'],
    [['serve', '--hepl'], 'behalf serve: there is no option --hepl; did you mean --help?'],
    [['serve', '--port', '1', '--port', '2'], 'behalf serve: --port is given 2 times'],
    [
      ['serve', '--config'],
      'behalf serve: --config needs a value; one that begins with a dash is written --config=-…',
    ],
    [['serve', '--config', '--port'], /--config needs a value/],
    [['serve', 'now'], "behalf serve: 'now' is one word too many"],
    [['serve', '--', '--port'], "behalf serve: '--port' is one word too many"],
    [['inspect'], /^behalf inspect: expected TOKEN\|-: the token/],
    [['sandbox', '--hook-secret', 's'], 'behalf sandbox: --hook-secret needs --hook'],
    [['keys', 'client', '--out', 'k', '--format', 'der'], 'behalf keys client: --format must be pem or jwk'],
    [['policy', 'explain', '--event', 'e', '--at', 'soon'], /--at must be a time, e\.g\./],
    [['provision', '--hook', 'https://h.example/', '--destroy'], /--destroy takes no --hook$/],
  ])('%j are answered with %s', async (args, sentence) => {
    expect(await complaintsOf(...args)).toEqual([
      typeof sentence === 'string' ? sentence : expect.stringMatching(sentence),
    ])
  })

  it('have a placeholder, a sentence and, in help, a line each', async () => {
    for (const entry of commands) {
      for (const { usage } of 'members' in entry ? entry.members : [entry]) {
        const terminal = recordedTerminal()
        expect(await main([...usage.name.split(' '), '--help'], terminal)).toBe(0)
        const help = terminal.stdout.join('\n')
        for (const [name, { text }] of Object.entries(usage.options)) {
          expect(help).toMatch(new RegExp(`^  --${name}( |$)`, 'm'))
          expect(text).toMatch(/^[^A-Z\s].*[^.;]$/)
        }
      }
    }
  })
})

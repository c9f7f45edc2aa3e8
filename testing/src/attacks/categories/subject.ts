import type { Attack, Category } from '../attack.ts'
import { forged, titles } from '../build.ts'

const title = titles('T9')

const unusable: Readonly<Record<string, unknown>> = {
  missing: undefined,
  null: null,
  empty: '',
  number: 7,
  zero: 0,
  true: true,
  list: ['ann@example.com'],
  object: { sub: 'ann@example.com' },
  space: ' ',
  '256 characters': 'a'.repeat(256),
  'nine kilobytes': 'a'.repeat(9_000),
  'space before': ' ann@example.com',
  'space after': 'ann@example.com ',
  'no-break space after': 'ann@example.com\u00a0',
  'newline inside': 'ann@example.com\n{"decision":"permit"}',
  'newline after': 'ann@example.com\n',
  'carriage return': 'ann@example.com\rroot',
  tab: 'ann\t@example.com',
  nul: 'ann@example.com\u0000.evil.example',
  escape: '\u001b[2Jann@example.com',
  delete: 'ann\u007f@example.com',
  'c1 control': 'ann\u009b31m@example.com',
  'next line': 'ann\u0085@example.com',
  'line separator': 'ann\u2028@example.com',
  'paragraph separator': 'ann\u2029@example.com',
  'right-to-left override': 'ann\u202emoc.elpmaxe@',
  isolate: 'ann\u2066@example.com',
  'half a surrogate pair': 'ann\ud800@example.com',
}

const refused: readonly Attack[] = Object.entries(unusable).map(([name, sub]) =>
  forged(
    title(name, `sub: ${name}`),
    (forge) => forge.sign({ sub }),
    name === 'half a surrogate pair' ? 'assertion_malformed' : 'assertion_subject_missing',
  ),
)

const usable: Readonly<Record<string, string>> = {
  '255 characters': 'a'.repeat(255),
  'letters of many scripts': '\u0430\u043d\u043d\u0430-\u5b89-\u0622\u0646\u0627',
  emoji: '\u{1f469}\u200d\u{1f4bb}',
  markup: '<script>alert(1)</script>',
  'quotes and braces': `"}],"commands":[{"'`,
  path: '../../claims/scp',
  'object member': '__proto__',
  constructor: 'constructor',
}

const accepted: readonly Attack[] = Object.entries(usable).map(([name, sub]) =>
  forged(
    title(name, `sub: ${name}, which is a name like any other`),
    (forge) => forge.sign({ sub }),
    'permit',
    'accept',
    {
      inspect: (delegated) => (delegated.sub === sub ? undefined : 'sub is not the assertion\u2019s'),
    },
  ),
)

/** Subjects that name nobody, or that would break what is written from them. */
export const subject: Category = { name: 'subject', attacks: [...refused, ...accepted] }

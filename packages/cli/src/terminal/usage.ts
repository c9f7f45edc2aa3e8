/** What the value of an option is, once it has been read. */
export interface OptionValues {
  readonly flag: boolean
  readonly text: string
  readonly file: string
  readonly folder: string
  readonly port: number
  readonly milliseconds: number
  /** A number from 1 to 9999. */
  readonly count: number
  /** How long a token lives, in minutes; Okta's limits. */
  readonly 'token lifetime': number
  /** A moment, in milliseconds since the epoch. */
  readonly time: number
  /** The name of a header, RFC 9110 §5.6.2. */
  readonly header: string
  /** A scope token, RFC 6749 §3.3. */
  readonly scope: string
  /** What an API or a client is called. */
  readonly name: string
  /** An authorization server. */
  readonly issuer: string
  /** https, or http on loopback and `INSECURE_HOSTS`. */
  readonly url: string
  /** http or https. */
  readonly 'http url': string
  readonly choice: string
}

/** An option of a command: everything that help, parsing, completion and the README need to know. */
export interface OptionUsage {
  readonly kind: keyof OptionValues
  /** What stands for the value in help; by kind when left out. */
  readonly value?: string
  /** What the option is for, as a sentence without its full stop. */
  readonly text: string
  /** The value when the option is not given. */
  readonly default?: string | number
  /** What happens when the option is not given and no value stands for that. */
  readonly otherwise?: string
  readonly required?: true
  readonly repeated?: true
  /** The values of a choice. */
  readonly choices?: readonly string[]
  /** An option without which this one makes no sense. */
  readonly needs?: string
  /** An option beside which this one makes no sense. */
  readonly excludes?: string
  /** The only options that make sense beside this one. */
  readonly beside?: readonly string[]
}

/** A word that follows the name of a command. */
export interface WordUsage {
  readonly name: string
  readonly text: string
  readonly required?: true
  /** Whether more words of the kind may follow. */
  readonly repeated?: true
  /** Words that completion offers. */
  readonly offered?: readonly string[]
}

/** Names variables that several commands read: those of API A, of the management API, and what may be spoken to. */
export type SharedVariables = 'client' | 'okta' | 'reach'

/** What a command takes and says about itself; data alone, so that help needs nothing that the command needs. */
export interface Usage {
  /** One word, or two for a command of a group. */
  readonly name: string
  /** One line for the list of commands. */
  readonly summary: string
  /** What it does, in paragraphs. */
  readonly about: readonly string[]
  readonly words?: readonly WordUsage[]
  readonly options: Readonly<Record<string, OptionUsage>>
  /** The variables of the environment that it reads: name and what it is for. */
  readonly environment?: readonly (readonly [name: string, text: string])[]
  /** Variables that several commands read. */
  readonly variables?: readonly SharedVariables[]
  /** What follows the tables. */
  readonly notes?: readonly string[]
  /** Commands that work; docs and tests run them. */
  readonly examples: readonly string[]
}

type ValueOf<O extends OptionUsage> = O extends {
  readonly kind: 'choice'
  readonly choices: readonly (infer C)[]
}
  ? C
  : OptionValues[O['kind']]

type Given<O extends OptionUsage> = O extends { readonly repeated: true }
  ? readonly ValueOf<O>[]
  : O extends { readonly kind: 'flag' } | { readonly required: true } | { readonly default: string | number }
    ? ValueOf<O>
    : ValueOf<O> | undefined

/** What a command is given: options by name, with their defaults, and the words between them. */
export interface Input<U extends Usage> {
  readonly options: { readonly [Name in keyof U['options']]: Given<U['options'][Name]> }
  readonly words: readonly string[]
}

/** Returns the placeholder of an option's value; empty for a flag. */
export function placeholderOf({ kind, value, choices = [] }: OptionUsage): string {
  return value ?? (kind === 'choice' ? choices.join('|') : placeholders[kind])
}

const placeholders: Readonly<Record<Exclude<keyof OptionValues, 'choice'>, string>> = {
  flag: '',
  text: 'TEXT',
  file: 'FILE',
  folder: 'FOLDER',
  port: 'N',
  milliseconds: 'MS',
  count: 'N',
  'token lifetime': 'N',
  time: 'TIME',
  header: 'NAME',
  scope: 'S',
  name: 'NAME',
  issuer: 'ISSUER',
  url: 'URL',
  'http url': 'URL',
}

/** Says what is said about leaving an option out. */
export function defaultOf({ default: value, otherwise }: OptionUsage): string | undefined {
  return value === undefined ? otherwise : `${value}`
}

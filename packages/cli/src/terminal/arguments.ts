import { parseArgs } from 'node:util'
import type { InsecureHosts } from '@behalf/core/internal'
import { UsageError } from './command.ts'
import { didYouMean } from './did-you-mean.ts'
import { readValue } from './option-kinds.ts'
import type { Input, OptionUsage, Usage } from './usage.ts'

type Values = Record<string, boolean | string | number | (string | number)[] | undefined>

/**
 * Reads the arguments of a command as its usage says.
 *
 * @param insecureHosts - what may be spoken to over plain http, besides this machine. Default: none.
 * @throws UsageError with everything that is wrong with them
 */
export function readArguments<const U extends Usage>(
  usage: U,
  args: readonly string[],
  insecureHosts?: InsecureHosts,
): Input<U>
export function readArguments(
  usage: Usage,
  args: readonly string[],
  insecureHosts: InsecureHosts = new Set(),
): { readonly options: Values; readonly words: readonly string[] } {
  const { given, words, unknown } = split(usage, args)
  const values: Values = {}
  const faults = [...unknown]
  for (const [name, option] of Object.entries(usage.options)) {
    const texts = given.get(name) ?? []
    const read = texts.flatMap((text) => {
      const fault = faultOfText(name, option, text)
      if (fault !== undefined) faults.push(fault)
      const outcome = readValue(option, text ?? '', insecureHosts)
      if (fault === undefined && option.kind !== 'flag' && 'must' in outcome)
        faults.push(`--${name} ${outcome.must}`)
      return 'value' in outcome ? [outcome.value] : []
    })
    if (texts.length > 1 && option.repeated !== true) faults.push(`--${name} is given ${texts.length} times`)
    if (texts.length === 0 && option.required === true) faults.push(`--${name} is missing: ${option.text}`)
    faults.push(...faultsOfRelations(name, option, given))
    values[name] =
      option.kind === 'flag'
        ? texts.length > 0
        : option.repeated === true
          ? read
          : (read[0] ?? option.default)
  }
  // A word that is left over may have been meant as the value of an option that is not known.
  if (unknown.length === 0) faults.push(...faultsOfWords(usage, words))
  const [fault, ...others] = faults
  if (fault === undefined) return { options: values, words }
  throw others.length === 0 ? new UsageError(fault) : new UsageError('cannot be understood:', faults)
}

/** The texts of the options that are known; undefined stands for a value that is missing. */
interface Arguments {
  readonly given: ReadonlyMap<string, readonly (string | undefined)[]>
  readonly words: readonly string[]
  /** What is wrong with the options that are not known. */
  readonly unknown: readonly string[]
}

function split({ options }: Usage, args: readonly string[]): Arguments {
  const { tokens } = parseArgs({
    args: [...args],
    options: Object.fromEntries(
      Object.entries(options).map(([name, { kind }]) => [
        name,
        { type: kind === 'flag' ? 'boolean' : 'string' },
      ]),
    ),
    strict: false,
    allowPositionals: true,
    tokens: true,
  })
  const given = new Map<string, (string | undefined)[]>()
  const unknown: string[] = []
  for (const token of tokens) {
    if (token.kind !== 'option') continue
    const { name, rawName, value, inlineValue } = token
    if (!Object.hasOwn(options, name)) {
      const names = [...Object.keys(options), 'help'].map((option) => `--${option}`)
      unknown.push(`there is no option ${rawName}${didYouMean(rawName, names) || '; --help lists them'}`)
      continue
    }
    // A value that begins with a dash is more likely an option that follows.
    const isDoubtful = inlineValue === false && value !== undefined && /^-./.test(value)
    given.set(name, [...(given.get(name) ?? []), isDoubtful ? undefined : value])
  }
  return {
    given,
    unknown,
    words: tokens.flatMap((token) => (token.kind === 'positional' ? [token.value] : [])),
  }
}

function faultOfText(name: string, { kind }: OptionUsage, text: string | undefined): string | undefined {
  if (kind === 'flag') return text === undefined ? undefined : `--${name} takes no value`
  return text === undefined
    ? `--${name} needs a value; one that begins with a dash is written --${name}=-…`
    : undefined
}

function faultsOfRelations(
  name: string,
  { needs, excludes, beside }: OptionUsage,
  given: Arguments['given'],
): readonly string[] {
  if (!given.has(name)) return []
  const refused = [...given.keys()].filter((other) => other !== name && beside?.includes(other) === false)
  return [
    ...(refused.length === 0
      ? []
      : [`--${name} takes no ${refused.map((other) => `--${other}`).join(', ')}`]),
    ...(needs === undefined || given.has(needs) ? [] : [`--${name} needs --${needs}`]),
    ...(excludes === undefined || !given.has(excludes)
      ? []
      : [`--${name} and --${excludes} exclude each other; give one`]),
  ]
}

function faultsOfWords({ words: usages = [] }: Usage, words: readonly string[]): readonly string[] {
  const missing = usages.slice(words.length).find(({ required }) => required === true)
  const unlimited = usages.at(-1)?.repeated === true
  const unexpected = unlimited ? [] : words.slice(usages.length)
  return [
    ...(missing === undefined ? [] : [`expected ${missing.name}: ${missing.text}`]),
    ...unexpected.map((word) => `'${word}' is one word too many`),
  ]
}

/** What the rule of a setting says of its range and default. */
export interface SettingRule {
  readonly range?: string | undefined
  /** As it is written; absent when there is none, or it takes words to say. */
  readonly fallback?: string | undefined
  /** Whether a list must have a member. */
  readonly needsOne: boolean
}

/**
 * Reads a rule. Of a valibot schema: the bounds of a number, from its checks or what they say, and the default when it is a number, a word or a list of words.
 * Of a rule of core's: the bounds, from what it says is expected.
 */
export function readRule(schema: unknown): SettingRule {
  const parts = [...partsOf(schema)]
  const bound = (type: string): unknown => parts.find((part) => part['type'] === type)?.['requirement']
  const [min, max] = [bound('min_value'), bound('max_value')]
  const fallback = parts.find((part) => part['type'] === 'optional')?.['default']
  const expected = isPart(schema) ? schema['expected'] : undefined
  const bounds = boundsIn(expected)
  if (bounds !== undefined) return { range: bounds, needsOne: false }
  return {
    range:
      typeof min === 'number' && typeof max === 'number'
        ? `${grouped(min)} to ${grouped(max)}`
        : parts.map((part) => boundsIn(part['message'])).find((told) => told !== undefined),
    fallback: rendered(fallback),
    needsOne: parts.some((part) => part['type'] === 'array') && bound('min_length') === 1,
  }
}

/** The bounds that a rule's own words end with. */
function boundsIn(words: unknown): string | undefined {
  const bounds = typeof words === 'string' ? /from (\d+) to (\d+)$/.exec(words) : null
  return bounds?.slice(1).map(Number).map(grouped).join(' to ')
}

type Part = Readonly<Record<string, unknown>>

/** A schema, what it wraps, and what it is piped through. */
function* partsOf(schema: unknown): Iterable<Part> {
  if (!isPart(schema)) return
  yield schema
  yield* partsOf(schema['wrapped'])
  if (!Array.isArray(schema['pipe'])) return
  for (const item of schema['pipe'])
    if (item !== schema && isPart(item)) yield* item['pipe'] ? partsOf(item) : [item]
}

function isPart(value: unknown): value is Part {
  return typeof value === 'object' && value !== null
}

function rendered(value: unknown): string | undefined {
  if (typeof value === 'number') return grouped(value)
  if (typeof value === 'boolean') return `\`${value}\``
  if (typeof value === 'string') return `\`'${value}'\``
  if (!Array.isArray(value) || value.length === 0) return undefined
  return `\`[${value.map((item) => `'${item}'`).join(', ')}]\``
}

function grouped(value: number): string {
  return value < 1_000 ? String(value) : value.toLocaleString('en').replaceAll(',', ' ')
}

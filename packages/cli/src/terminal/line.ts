import { styleText } from 'node:util'
import { printable } from './printable.ts'

/** What a part of a line says about itself by its look. */
export type Style = 'good' | 'bad' | 'doubtful' | 'strong' | 'faint'

/** A part of a line that looks different from the rest, where the terminal shows that. */
export class Span {
  readonly style: Style
  readonly text: string

  constructor(style: Style, text: string) {
    this.style = style
    this.text = text
  }

  /** Gives the text alone, so that a span in an ordinary template loses its look and nothing else. */
  toString(): string {
    return this.text
  }
}

/**
 * One line to print: text, or parts of it. Text is data to the last character: only the terminal makes escape
 * sequences, from the styles of spans, and shows those that come in a text as `\u001b`.
 */
export type Line = string | Span | readonly (string | Span)[]

export const good = (text: string): Span => new Span('good', text)
export const bad = (text: string): Span => new Span('bad', text)
export const doubtful = (text: string): Span => new Span('doubtful', text)
export const strong = (text: string): Span => new Span('strong', text)
export const faint = (text: string): Span => new Span('faint', text)

/** Puts a line together: ``line`${good('✓')} ${name}` ``. */
export function line(texts: TemplateStringsArray, ...values: readonly (Line | number)[]): Line {
  return texts.flatMap((text, index) => [text, ...partsOf(values[index] ?? '')])
}

function partsOf(value: Line | number): readonly (string | Span)[] {
  if (typeof value === 'number') return [`${value}`]
  return typeof value === 'string' || value instanceof Span ? [value] : value
}

/** Returns the characters that a line takes on a terminal. */
export function widthOf(shown: Line): number {
  return render(shown, false).length
}

/** Makes what a terminal gets of a line: everything but our own colours is escaped here, and only here. */
export function renderLine(shown: Line, colours: boolean): string {
  return render(shown, colours).trimEnd()
}

const looks = { good: 'green', bad: 'red', doubtful: 'yellow', strong: 'bold', faint: 'dim' } as const

function render(shown: Line, colours: boolean): string {
  return partsOf(shown)
    .map((part) => {
      if (!(part instanceof Span)) return printable(part)
      const text = printable(part.text)
      return colours && text !== '' ? styleText(looks[part.style], text, { validateStream: false }) : text
    })
    .join('')
}

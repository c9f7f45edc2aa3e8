import { styleText } from 'node:util'
import type { Terminal } from './command.ts'

/** Colours for a terminal that shows them; the text itself for every other. */
export interface Paint {
  good(text: string): string
  bad(text: string): string
  doubtful(text: string): string
  strong(text: string): string
  faint(text: string): string
}

/** What a command paints its output with. */
export function paintFor({ colours }: Pick<Terminal, 'colours'>): Paint {
  const paint =
    (style: 'green' | 'red' | 'yellow' | 'bold' | 'dim') =>
    (text: string): string =>
      colours ? styleText(style, text, { validateStream: false }) : text
  return {
    good: paint('green'),
    bad: paint('red'),
    doubtful: paint('yellow'),
    strong: paint('bold'),
    faint: paint('dim'),
  }
}

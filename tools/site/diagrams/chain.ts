import { Canvas } from './canvas.ts'

const hops = [
  { api: 'API A', actors: [], title: 'JWT-A' },
  { api: 'API B', actors: ['API A'], title: 'JWT-B' },
  { api: 'API C', actors: ['API B', 'API A'], title: 'JWT-C' },
] as const

/** How a chain grows: the user stays, actors nest. */
export function chain(): string {
  const canvas = new Canvas()
  canvas.box({ x: 20, y: 110 }, 90, 44).text({ x: 65, y: 137 }, 'Alice', 'title')
  for (const [index, { api, actors, title }] of hops.entries()) {
    const x = 128 + index * 214
    canvas.arrow({ x: x - 18, y: 132 }, { x: x + 116, y: 132 })
    canvas.box({ x: x + 116, y: 110 }, 78, 44).text({ x: x + 155, y: 137 }, api, 'title')
    canvas.text({ x: x + 46, y: 122 }, title, 'small')
    const lines = [`sub  Alice`, ...actors.map((actor, depth) => `${'  '.repeat(depth)}act  ${actor}`)]
    for (const [row, line] of lines.entries())
      canvas.text(
        { x: x + 2 + (line.length - line.trimStart().length) * 7, y: 156 + row * 18 },
        line.trimStart(),
        'code',
        'start',
      )
  }
  canvas.text({ x: 20, y: 40 }, 'The user stays; each hop puts its actor in front.', '', 'start')
  canvas.text({ x: 20, y: 62 }, 'Only the outermost actor may drive authorization.', 'quiet', 'start')
  return canvas.svg(
    770,
    220,
    'Alice calls API A with her own token. API B gets a token with her as the subject and API A as the actor. API C gets one with her as the subject, API B as the actor, and API A nested in it.',
  )
}

import { Canvas } from './canvas.ts'

const parties = ['Application', 'API A', 'Okta', 'Behalf hook', 'API B'] as const
type Party = (typeof parties)[number]

const firstX = 75
const between = 150
const messages: readonly (readonly [from: Party, to: Party, text: string, look?: 'good'])[] = [
  ['Application', 'API A', 'JWT-A'],
  ['API A', 'Okta', 'client_credentials,'],
  ['Okta', 'Behalf hook', 'who asks, and the seal'],
  ['Behalf hook', 'Okta', 'commands, or an error'],
  ['Okta', 'API A', 'JWT-B', 'good'],
  ['API A', 'API B', 'JWT-B: the user, and who acts for them', 'good'],
]
const hookSteps = [
  'authenticates Okta',
  'opens the seal',
  'verifies JWT-A',
  'binds it to the client',
  'asks your policy',
]

/** The sequence of an exchange. */
export function flow(): string {
  const canvas = new Canvas()
  const bottom = 452
  for (const party of parties) {
    const x = xOf(party)
    canvas.line({ x, y: 56 }, { x, y: bottom }, 'quiet')
    canvas.box({ x: x - 58, y: 22 }, 116, 34).text({ x, y: 44 }, party, 'title')
  }
  let y = 92
  for (const [from, to, text, look] of messages) {
    const [start, end] = [xOf(from), xOf(to)]
    canvas.text({ x: (start + end) / 2, y: y - 8 }, text, look === 'good' ? 'small good' : 'small')
    canvas.arrow({ x: start, y }, { x: end, y }, look ?? '')
    if (text.startsWith('client_credentials'))
      canvas.text({ x: (start + end) / 2, y: y + 16 }, 'JWT-A sealed', 'small')
    y += 46
    if (to === 'Behalf hook') {
      const x = xOf(to)
      canvas.box({ x: x - 72, y: y - 30 }, 144, 104)
      for (const [index, step] of hookSteps.entries())
        canvas.text({ x, y: y - 10 + index * 18 }, step, 'small')
      y += 106
    }
  }
  return canvas.svg(
    firstX * 2 + between * (parties.length - 1),
    bottom + 16,
    'An application calls API A with JWT-A. API A asks Okta for a token, with JWT-A sealed. Okta asks the hook, which verifies JWT-A and asks the policy. Okta answers with JWT-B, which names the user and API A, and API A calls API B with it.',
  )
}

function xOf(party: Party): number {
  return firstX + parties.indexOf(party) * between
}

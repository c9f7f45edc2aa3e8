import { Canvas } from './canvas.ts'

/** What becomes of a token with the hook, and without. */
export function twoServers(): string {
  const canvas = new Canvas()
  const server = (x: number, name: string, audience: string, grant: string): void => {
    canvas.box({ x, y: 24 }, 300, 84)
    canvas.text({ x: x + 150, y: 50 }, name, 'title')
    canvas.text({ x: x + 150, y: 72 }, `aud ${audience}`, 'code')
    canvas.text({ x: x + 150, y: 94 }, grant, 'small quiet')
  }
  server(24, "The users' server", 'api://a', 'sign-in')
  server(396, 'The delegation server', 'https://undelegated.invalid', 'client_credentials, and the hook')

  canvas.arrow({ x: 174, y: 108 }, { x: 174, y: 196 })
  canvas.text({ x: 166, y: 158 }, 'JWT-A', 'small', 'end')
  canvas.box({ x: 104, y: 196 }, 140, 44).text({ x: 174, y: 223 }, 'API A', 'title')
  canvas.arrow({ x: 244, y: 206 }, { x: 440, y: 110 })
  canvas.text({ x: 328, y: 146 }, 'exchange', 'small quiet', 'end')

  canvas.arrow({ x: 480, y: 108 }, { x: 480, y: 286 }, 'good')
  canvas.text({ x: 490, y: 176 }, 'the hook permits:', 'small good', 'start')
  canvas.text({ x: 490, y: 194 }, 'aud https://orders.example', 'code', 'start')
  canvas.arrow({ x: 690, y: 108 }, { x: 690, y: 232 }, 'bad')
  canvas.text({ x: 680, y: 132 }, 'the hook is down:', 'small bad', 'end')
  canvas.box({ x: 614, y: 232 }, 152, 40, 'bad').text({ x: 690, y: 257 }, "nobody's token", 'small')
  canvas.box({ x: 410, y: 286 }, 140, 44, 'good').text({ x: 480, y: 313 }, 'API B', 'title')
  canvas.arrow({ x: 650, y: 272 }, { x: 554, y: 302 }, 'bad')
  canvas.text({ x: 622, y: 312 }, 'refused, by any verifier', 'small bad', 'start')
  canvas.text({ x: 622, y: 330 }, 'that is told its audience', 'small bad', 'start')
  return canvas.svg(
    790,
    354,
    "Users' tokens come from one server, delegated ones from another, whose audience no API accepts. When the hook permits it puts API B's audience in its place. When the hook is down, the token is nobody's, and API B refuses it.",
  )
}

/** Text, lines and boxes as SVG, readable on light and dark pages: a drawing brings its own background. */
export class Canvas {
  readonly #parts: string[] = []

  line(from: Point, to: Point, look: Look = ''): this {
    this.#parts.push(`<path class="line ${look}" d="M${from.x} ${from.y}L${to.x} ${to.y}"/>`)
    return this
  }

  /** A line with a head at its end. */
  arrow(from: Point, to: Point, look: Look = ''): this {
    const angle = Math.atan2(to.y - from.y, to.x - from.x)
    const wing = (side: number): string => {
      const x = to.x - 9 * Math.cos(angle + side * 0.42)
      const y = to.y - 9 * Math.sin(angle + side * 0.42)
      return `${round(x)} ${round(y)}`
    }
    this.line(from, to, look)
    this.#parts.push(`<path class="head ${look}" d="M${to.x} ${to.y}L${wing(1)}L${wing(-1)}Z"/>`)
    return this
  }

  box(at: Point, width: number, height: number, look: Look = ''): this {
    this.#parts.push(
      `<rect class="box ${look}" x="${at.x}" y="${at.y}" width="${width}" height="${height}" rx="8"/>`,
    )
    return this
  }

  text(at: Point, text: string, look: TextLook = '', anchor: 'start' | 'middle' | 'end' = 'middle'): this {
    this.#parts.push(
      `<text class="${look}" x="${at.x}" y="${at.y}" text-anchor="${anchor}">${inXml(text)}</text>`,
    )
    return this
  }

  /** @param title - what a person hears who does not see it */
  svg(width: number, height: number, title: string): string {
    return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" role="img" aria-label="${inXml(title)}">
<!-- Drawn by tools/site/diagrams. -->
<style>${style}</style>
<rect class="page" width="${width}" height="${height}" rx="12"/>
${this.#parts.join('\n')}
</svg>
`
  }
}

export interface Point {
  readonly x: number
  readonly y: number
}

type Look = '' | 'good' | 'bad' | 'quiet'
type TextLook = Look | 'title' | 'small' | 'small quiet' | 'small good' | 'small bad' | 'code'

const style = `
.page{fill:#fbfcfe}.line{stroke:#5a6675;stroke-width:1.5;fill:none}.head{fill:#5a6675}
.box{fill:#fff;stroke:#8a97a8;stroke-width:1.2}text{font:14px system-ui,-apple-system,'Segoe UI',sans-serif;fill:#1d2733}
.title{font-weight:600}.small{font-size:12px}.code{font:12px ui-monospace,Menlo,Consolas,monospace}
text.quiet{fill:#566373}.line.quiet{stroke:#b6c0cc;stroke-dasharray:4 4}
.good{stroke:#1a7f4b}.head.good,text.good{fill:#14693d;stroke:none}.box.good{fill:#eefaf3;stroke:#1a7f4b}
.bad{stroke:#c0392b}.head.bad,text.bad{fill:#a93226;stroke:none}.box.bad{fill:#fdf1ef;stroke:#c0392b}
@media(prefers-color-scheme:dark){
.page{fill:#161b22}.line{stroke:#9aa7b6}.head{fill:#9aa7b6}.box{fill:#1f2630;stroke:#5d6b7c}text{fill:#e6ebf1}
text.quiet{fill:#a9b5c2}.line.quiet{stroke:#465261}
.line.good{stroke:#4cc38a}.head.good,text.good{fill:#6fd6a3}.box.good{fill:#12291e;stroke:#3a9d6e}
.line.bad{stroke:#f07167}.head.bad,text.bad{fill:#f79a92}.box.bad{fill:#33191a;stroke:#c95a52}
}`

function round(value: number): number {
  return Math.round(value * 10) / 10
}

function inXml(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('"', '&quot;')
}

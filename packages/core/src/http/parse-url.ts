/** Reads a URL, or null: `URL.parse`, which Node has from 22.1 only. */
export function parseUrl(text: string): URL | null {
  return URL.canParse(text) ? new URL(text) : null
}

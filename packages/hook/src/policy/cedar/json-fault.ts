const token =
  /[ \t\r\n]*(?:([[{])|([\]}])|([,:])|"(?:[ !#-[\]-\uffff]|\\(?:["\\/bfnrt]|u[\dA-Fa-f]{4}))*(")|(-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?(?![\w.])|(?:true|false|null)\b))/y
/** What may come next, by what has come: `v` a value, `n` a name. */
const afterOpening: Readonly<Record<string, string>> = { '[': 'v]', '{': 'n}' }
const afterComma: Readonly<Record<string, string>> = { '[': 'v', '{': 'n' }
const closing: Readonly<Record<string, string>> = { ']': '[', '}': '{' }

/** Finds the place at which a text stops being JSON, as line and column from 1; `JSON.parse` does not always say it. */
export function placeOfJsonFault(text: string): { readonly line: number; readonly column: number } {
  const open: string[] = []
  let next = 'v'
  let at = 0
  for (;;) {
    token.lastIndex = at
    const found = token.exec(text)
    if (found === null) break
    const [, opening, closed, separator, quote] = found
    const kind = closed ?? separator ?? (quote !== undefined && next.includes('n') ? 'n' : 'v')
    if (!next.includes(kind)) break
    if (opening !== undefined) open.push(opening)
    if (closed !== undefined && open.pop() !== closing[closed]) break
    const around = open.at(-1) ?? ''
    if (opening !== undefined) next = afterOpening[opening] ?? ''
    else if (kind === 'n') next = ':'
    else if (separator === ':') next = 'v'
    else if (separator === ',') next = afterComma[around] ?? ''
    else next = around === '' ? '' : around === '[' ? ',]' : ',}'
    at = token.lastIndex
  }
  const faultAt = at + (/^[ \t\r\n]*/.exec(text.slice(at))?.[0].length ?? 0)
  const before = text.slice(0, faultAt).split('\n')
  return { line: before.length, column: (before.at(-1) ?? '').length + 1 }
}

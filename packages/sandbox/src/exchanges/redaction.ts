import { isJsonObject, type Json, type JsonObject, setMember } from '../org/json.ts'

/** Parameters that are credentials by their name, whatever they look like. */
const credentials = new Set([
  'assertion',
  'client_assertion',
  'client_secret',
  'code',
  'id_token_hint',
  'refresh_token',
  'subject_token',
  'token',
])
const tokenLike = /\beyJ[\w-]*(?:(?:\.|%2E)[\w-]*){2,4}/gi
const maxDepth = 32

/** Returns text without tokens: each is named by its length; in the query of a URL everything that is a credential. */
export function textWithoutTokens(text: string): string {
  const [path = '', ...search] = text.split('?')
  if (search.length === 0 || !/^(https?:\/|\/)/.test(path)) return text.replace(tokenLike, leftOut)
  const parameters = [...new URLSearchParams(search.join('?'))].map(([name, value]) => {
    const shown = credentials.has(name) ? leftOut(value) : value.replace(tokenLike, leftOut)
    return `${encodeURIComponent(name)}=${shown === value ? encodeURIComponent(value) : shown}`
  })
  return `${path.replace(tokenLike, leftOut)}?${parameters.join('&')}`
}

/** Returns a copy of a document without the tokens in its texts. */
export function withoutTokens(document: JsonObject, depth = 0): JsonObject {
  const copy: JsonObject = {}
  for (const [name, value] of Object.entries(document))
    if (value !== undefined) setMember(copy, name, cleaned(value, depth))
  return copy
}

function cleaned(value: Json, depth: number): Json {
  if (typeof value === 'string') return textWithoutTokens(value)
  if (depth >= maxDepth) return null
  if (Array.isArray(value)) return value.map((each) => cleaned(each, depth + 1))
  return isJsonObject(value) ? withoutTokens(value, depth + 1) : value
}

function leftOut(token: string): string {
  return `[left out: ${token.length} characters]`
}

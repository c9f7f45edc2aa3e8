import { check } from '../shape/check.ts'
import { list, object, optional, type Shape, text } from '../shape/shape.ts'

/** An exchange that somebody wants to see. */
export interface ExchangeWish {
  /** Who signs in. */
  readonly login: string
  /** The client that acts for the user. */
  readonly clientId: string
  /** The API that the token is to be for. Default: the client's only one. */
  readonly resource?: string
  /** Default: none, which is the server's default scopes. */
  readonly scopes?: readonly string[]
}

const shape: Shape<ExchangeWish> = object({
  login: text,
  clientId: text,
  resource: optional(text),
  scopes: optional(list(text)),
})

/** Reads a wish. @throws TypeError naming every fault of it */
export function parseWish(document: unknown): ExchangeWish {
  return check(shape, document, 'there is no such exchange')
}

import { asksForAnotherToken } from '../../../packages/client/src/fetch/challenge.ts'
import { readTokenAnswer } from '../../../packages/client/src/token-endpoint/answer.ts'
import { type Case, parseBare } from '../case.ts'
import { challengeShapes } from '../shapes/header.ts'
import { jsonShapes } from '../shapes/json.ts'

/** The longest answer that the client reads, and the longest header that Node takes. */
const maxAnswerBytes = 262_144
const maxHeaderBytes = 16_384

/** What servers may make API A read. */
export function clientCases(): readonly Case[] {
  return [
    ...jsonShapes.flatMap((shape) => {
      const text = shape.write(maxAnswerBytes)
      const member = `{"error":${shape.write(maxAnswerBytes - 10)}}`
      return [
        {
          subject: 'client, token answer',
          shape: shape.name,
          length: text.length,
          work: () => readTokenAnswer({ status: 200, requestId: undefined, restMs: undefined }, text),
          bare: parseBare(text),
        },
        {
          subject: 'client, error of the token answer',
          shape: shape.name,
          length: member.length,
          work: () => readTokenAnswer({ status: 400, requestId: undefined, restMs: undefined }, member),
          bare: parseBare(member),
        },
      ]
    }),
    ...challengeShapes.map((shape) => {
      const value = shape.write(maxHeaderBytes)
      const answer = { status: 401, headers: new Headers({ 'www-authenticate': value }) }
      return {
        subject: 'client, WWW-Authenticate',
        shape: shape.name,
        length: value.length,
        work: () => asksForAnotherToken(answer),
      }
    }),
  ]
}

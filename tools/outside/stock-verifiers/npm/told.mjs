import { text } from 'node:stream/consumers'

/** What API B is told, and the tokens that it is called with, from standard input. */
export const told = JSON.parse(await text(process.stdin))

/** Prints what becomes of each token. @param verify - resolves to the claims, or rejects */
export async function judge(verify) {
  const results = {}
  for (const [name, token] of Object.entries(told.tokens)) {
    results[name] = await Promise.resolve()
      .then(() => verify(token))
      .then(
        ({ sub }) => ({ accepted: sub }),
        (refusal) => ({ refused: String(refusal.message ?? refusal) }),
      )
  }
  console.log(JSON.stringify(results))
}

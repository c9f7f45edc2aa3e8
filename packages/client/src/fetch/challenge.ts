/**
 * Says whether a 401 says that another token may help: nothing says what was wrong, or the token was. Not when a proof was
 * wrong, or when somebody else asks for credentials, such as a proxy.
 *
 * @see https://www.rfc-editor.org/rfc/rfc6750#section-3.1
 * @see https://www.rfc-editor.org/rfc/rfc9110#section-11.6.1
 */
export function asksForAnotherToken({ status, headers }: Pick<Response, 'status' | 'headers'>): boolean {
  const challenge = headers.get('www-authenticate')?.trim() ?? ''
  if (status !== 401 || challenge === '') return status === 401
  const { schemes, errors } = readChallenges(challenge)
  return schemes.some((scheme) => scheme === 'bearer' || scheme === 'dpop') && errors.every(isOfTheToken)
}

function isOfTheToken(error: string): boolean {
  return error === 'invalid_token'
}

/** What challenges consist of; every character belongs to one piece, so that nothing is looked at twice. */
const pieces = /"(?:[^"\\]|\\.)*"?|[^\s",=]+|[,=]/gs

/** Reads the schemes, in lower case, and every parameter `error` of one or several challenges. */
function readChallenges(text: string): { readonly schemes: string[]; readonly errors: string[] } {
  const schemes: string[] = []
  const errors: string[] = []
  let isFirst = true
  let word: string | undefined
  let wordIsFirst = false
  let parameter: string | undefined
  const endWord = (): void => {
    if (word !== undefined && wordIsFirst) schemes.push(word)
    word = undefined
  }
  for (const [piece] of text.matchAll(pieces)) {
    if (piece === ',') {
      endWord()
      parameter = undefined
      isFirst = true
    } else if (piece === '=') {
      parameter = word
      word = undefined
    } else if (parameter !== undefined) {
      if (parameter === 'error') errors.push(piece.replaceAll('"', ''))
      parameter = undefined
    } else {
      endWord()
      word = piece.toLowerCase()
      wordIsFirst = isFirst
      isFirst = false
    }
  }
  endWord()
  return { schemes, errors }
}

const reference = / \(decision ([\w-]{1,64})\)$/

/** Writes which decision a denial's text is of, to stand at its end. */
export function writeDecision(decisionId: string): string {
  return `(decision ${decisionId})`
}

/** Reads which decision a denial's text is of; undefined when its end does not say. */
export function parseDecision(text: string): string | undefined {
  return reference.exec(text)?.[1]
}

/** Takes the decision off a denial's text. */
export function withoutDecision(text: string): string {
  return text.replace(reference, '')
}

/** One piece of work on one input, of which nothing may take long. */
export interface Case {
  /** What does the work, on which part of its input. */
  readonly subject: string
  readonly shape: string
  readonly length: number
  readonly work: () => unknown
  /** A bare `JSON.parse` of the same text, where it is JSON. */
  readonly bare?: () => unknown
}

/** Parses as everybody does, whatever comes of it. */
export function parseBare(text: string): () => void {
  return () => {
    try {
      JSON.parse(text)
    } catch {
      // Text that is no JSON is an input like any other.
    }
  }
}

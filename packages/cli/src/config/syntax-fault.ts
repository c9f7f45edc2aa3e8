/** What is wrong with a source, and where. */
export interface PlacedFault {
  readonly file: string
  /** From 1. */
  readonly line: number
  /** From 1. */
  readonly column: number
  readonly message: string
}

/** Finds what keeps a file, or one that it imports, from being read; Node says that without a place for JavaScript and JSON. */
export async function findSyntaxFault(file: string): Promise<PlacedFault | undefined> {
  // Loaded only now, because nothing else than packing needs it.
  const { build } = await import('esbuild')
  const options = {
    bundle: true,
    write: false,
    platform: 'node',
    format: 'esm',
    packages: 'external',
  } as const
  // As Node reads TypeScript: an import that nothing uses stays.
  const tsconfigRaw = { compilerOptions: { verbatimModuleSyntax: true } }
  const { errors } = await build({ ...options, tsconfigRaw, entryPoints: [file], logLevel: 'silent' }).catch(
    (failure: unknown) => Object(failure),
  )
  const [first] = Array.isArray(errors) ? errors : []
  const { text, location } = Object(first)
  const { file: path, line, column } = Object(location)
  if (typeof text !== 'string' || typeof path !== 'string') return undefined
  return { file: path, line: Number(line), column: Number(column) + 1, message: withoutLiterals(text) }
}

/** A literal that was found in the wrong place may be a secret. */
function withoutLiterals(message: string): string {
  return message.replace(/ but found "(?:\\"|['`\d]).*$/, ' but found a literal')
}

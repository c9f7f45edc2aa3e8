/** Says what to install when an import failed because Cedar's engine, an optional peer dependency, is not there. */
export function describeMissingCedar(error: unknown): string | undefined {
  const isMissing = error instanceof Error && 'code' in error && error.code === 'ERR_MODULE_NOT_FOUND'
  return isMissing && error.message.includes("'@cedar-policy/cedar-wasm'")
    ? 'Cedar policies need the package @cedar-policy/cedar-wasm: npm install @cedar-policy/cedar-wasm'
    : undefined
}

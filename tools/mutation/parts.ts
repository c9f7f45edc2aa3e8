interface Part {
  readonly mutate: readonly string[]
  readonly tests: readonly string[]
}

/**
 * What decides: who is let through, and why not. Each part is judged by the tests that are about it, without those
 * that wait, fuzz, look for leaks or start processes.
 */
export const parts: Readonly<Record<string, Part>> = {
  core: {
    mutate: ['packages/core/src/{jwt,jws,jwks,delegation}/**/*.ts'],
    tests: ['packages/core/test/**/*.test.ts'],
  },
  hook: {
    mutate: [
      'packages/hook/src/pipeline/**/*.ts',
      'packages/hook/src/okta/{applicability,token-request-url}.ts',
    ],
    tests: [
      'packages/hook/test/{config,pipeline,okta,decision}/**/*.test.ts',
      'packages/hook/test/policy/**/*.test.ts',
      'packages/hook/test/*.test.ts',
      'packages/hook/test/faults/{policy,wrong-clock}.test.ts',
      'tools/mutation/attacks.spec.ts',
    ],
  },
  verify: {
    mutate: ['packages/verify/src/{verifier,access,mode,scopes,authorize-request,authorization-header}.ts'],
    tests: ['packages/verify/test/**/*.test.ts'],
  },
}

/** The part that this process is about. */
export function currentPart(): Part {
  const part = parts[process.env['MUTATION_PART'] ?? '']
  if (part === undefined) throw new Error(`MUTATION_PART must be one of ${Object.keys(parts).join(', ')}`)
  return part
}

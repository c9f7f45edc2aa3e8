/** One thing that is wrong with a configuration. */
export interface ConfigFault {
  /** Where, e.g. `issuers[0].audiences`, or the name of an environment variable. */
  readonly path: string
  /** What is wrong and what is expected, without the value. */
  readonly problem: string
}

/** A configuration was refused. It names every fault at once and none of the values. */
export class ConfigError extends Error {
  override readonly name: string = 'ConfigError'
  readonly faults: readonly ConfigFault[]

  constructor(faults: readonly ConfigFault[]) {
    super(
      `the configuration is refused:\n${faults.map(({ path, problem }) => `  ${path}: ${problem}`).join('\n')}`,
    )
    this.faults = faults
  }
}

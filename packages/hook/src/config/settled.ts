/** A section with its defaults filled in; what is `Open` has none, and may be absent. */
export type Settled<Section, Open extends keyof Section = never> = {
  readonly [Name in keyof Omit<Section, Open>]-?: Exclude<Section[Name], undefined>
} & Pick<Section, Open>

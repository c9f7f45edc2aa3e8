import { list, object, oneOf, optional, type Shape, text } from '../shape/shape.ts'

/** One policy that a hook decides by. */
export interface ShownPolicy {
  /** What `policies` of an exchange names it by. */
  readonly id: string
  readonly effect?: 'permit' | 'forbid'
  /** Like file and line. */
  readonly place?: string
  /** As it stands there; the first 8192 characters are shown. */
  readonly text?: string
}

/** What a hook decides by, told by whoever runs it; it must hold no secret. */
export interface PolicyInForce {
  /** The first 200 are shown. */
  readonly policies: readonly ShownPolicy[]
  /** What is wrong with what the files say now, so that these stay in force. */
  readonly faults?: readonly string[]
}

export const policyInForce: Shape<PolicyInForce> = object({
  policies: list(
    object({
      id: text,
      effect: optional(oneOf('permit', 'forbid')),
      place: optional(text),
      text: optional(text),
    }),
  ),
  faults: optional(list(text)),
})

const maxPolicies = 200
const maxFaults = 20
const maxCharacters = 8192

/** What is shown of the policies in force, and who wants to hear of the next ones. */
export class PolicyBoard {
  #shown: PolicyInForce | undefined
  readonly #listeners = new Set<() => void>()

  /** Undefined until somebody has told. */
  get shown(): PolicyInForce | undefined {
    return this.#shown
  }

  /** Shows policies in place of those before. */
  show({ policies, faults }: PolicyInForce): void {
    this.#shown = {
      policies: policies.slice(0, maxPolicies).map(bounded),
      ...(faults === undefined ? {} : { faults: faults.slice(0, maxFaults).map(cut) }),
    }
    for (const listener of this.#listeners) listener()
  }

  /** Tells of every change from now on; returns what ends that. */
  listen(listener: () => void): () => void {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }
}

function bounded(policy: ShownPolicy): ShownPolicy {
  return policy.text === undefined ? policy : { ...policy, text: cut(policy.text) }
}

function cut(words: string): string {
  return words.slice(0, maxCharacters)
}

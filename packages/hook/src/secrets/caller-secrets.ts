import type { Clock } from '@behalf/core'
import { fail, pass } from '@behalf/core/internal'
import type { SecretReader } from './fetched-secrets.ts'
import { KnownSecrets } from './known-secrets.ts'
import { ComparableText, whySecretUnusable } from './secret.ts'
import type { SecretSource } from './secret-source.ts'

/** The secrets that Okta may call with, from wherever {@link KnownSecrets} are. */
export class CallerSecrets {
  readonly #secrets: KnownSecrets<ComparableText>

  /** @param maxWaiting - how many callers that do not authenticate may wait at once; Okta makes fewer calls at a time */
  constructor(secrets: readonly (string | SecretSource)[], clock: Clock, maxWaiting = 100) {
    const configured = secrets.map((secret) =>
      typeof secret === 'string' ? [new ComparableText(secret)] : secret,
    )
    this.#secrets = new KnownSecrets({ configured, read, clock, maxWaiting })
  }

  /** Fetches the secrets that are not known yet or aging; returns why that failed, in words that are safe to log. */
  load(): Promise<string | undefined> {
    return this.#secrets.load()
  }

  /** Why the last fetch of one of the sources failed; undefined when none did. */
  get fault(): string | undefined {
    return this.#secrets.fault
  }

  /** Whether there is any secret that Okta could call with. */
  get ready(): boolean {
    return this.#secrets.ready
  }

  /** Whether a header's value is one of the secrets; immediate when it is, unless they have grown old. */
  accepts(value: string): boolean | Promise<boolean> {
    const presented = new ComparableText(value)
    const found = this.#secrets.find((secret) => secret.equals(presented))
    return found instanceof Promise ? found.then(isThere) : isThere(found)
  }
}

function isThere(found: ComparableText | undefined): boolean {
  return found !== undefined
}

const read: SecretReader<ComparableText> = (texts) => {
  const problem = texts.map(whySecretUnusable).find((each) => each !== undefined)
  return problem === undefined
    ? pass(texts.map((text) => new ComparableText(text)))
    : fail(`one of them ${problem}`)
}

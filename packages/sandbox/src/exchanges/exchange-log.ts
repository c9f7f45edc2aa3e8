import type { Clock } from '../org/clock.ts'
import type { Exchange, ExchangeNote } from './exchange.ts'

/** What an exchange is found by: Okta's id of the token request, or the `jti` of the access token. */
export type ExchangeKey = { readonly requestId: string } | { readonly tokenId: string }

/** The hook's own words, as JSON; they may hold the assertion. */
export interface HookPapers {
  readonly request?: string
  readonly answer?: string
}

/** An exchange before it is kept. */
export type EndedExchange = Omit<Exchange, 'revision' | 'firstRevision'>

/** One exchange is new or known better, or all were forgotten, at a revision. */
export type ExchangeChange = { readonly exchange: Exchange } | { readonly cleared: number }

interface Entry {
  exchange: Exchange
  readonly papers: HookPapers
  characters: number
}

/** How many exchanges are kept, and how many characters of them; the oldest go first. */
export const keptExchanges = 500
const keptCharacters = 16 * 1024 * 1024
/** What is appended to one exchange. */
const maxNotes = 50

/** The last exchanges of an org, kept in memory, and who wants to hear of the next ones. */
export class ExchangeLog {
  readonly #entries = new Map<string, Entry>()
  readonly #listeners = new Set<() => void>()
  /** What others knew of exchanges before these had ended. */
  readonly #early = new Map<string, ExchangeNote>()
  readonly #open = new Set<string>()
  #characters = 0
  #revision: number
  #cleared: number

  /** @param clock - says where revisions start, so that those of an earlier process are lower */
  constructor(clock: Clock) {
    this.#revision = clock.now()
    this.#cleared = this.#revision
  }

  /** The last ones, oldest first, that have changed since a revision. */
  since(revision: number, limit: number = keptExchanges): readonly Exchange[] {
    const changed = [...this.#entries.values()]
      .map(({ exchange }) => exchange)
      .filter((exchange) => exchange.revision > revision)
    return changed.slice(-limit)
  }

  /** The revision at which everything before was forgotten: a process begins with it. */
  get cleared(): number {
    return this.#cleared
  }

  /** The first change after a revision: what was known then may have been forgotten as a whole. */
  changeAfter(revision: number): ExchangeChange | undefined {
    if (revision < this.#cleared) return { cleared: this.#cleared }
    let first: Exchange | undefined
    for (const { exchange } of this.#entries.values())
      if (exchange.revision > revision && exchange.revision < (first?.revision ?? Infinity)) first = exchange
    return first === undefined ? undefined : { exchange: first }
  }

  papersOf(id: string): HookPapers | undefined {
    return this.#entries.get(id)?.papers
  }

  find(id: string): Exchange | undefined {
    return this.#entries.get(id)?.exchange
  }

  /** Says that an exchange has begun, so that notes about it are kept. */
  begin(id: string): void {
    this.#open.add(id)
  }

  /** Says that an exchange has come to nothing that is worth keeping. */
  abandon(id: string): void {
    this.#open.delete(id)
    this.#early.delete(id)
  }

  /** Keeps an exchange that has ended. */
  add(ended: EndedExchange, papers: HookPapers): void {
    const early = this.#early.get(ended.id) ?? {}
    this.abandon(ended.id)
    this.#keep(noted({ ...ended, firstRevision: ++this.#revision, revision: this.#revision }, early), papers)
    for (const oldest of this.#entries.keys()) {
      if (this.#entries.size <= keptExchanges && this.#characters <= keptCharacters) break
      this.#forget(oldest)
    }
  }

  /** Adds what others know; returns whether there is such an exchange. */
  annotate(key: ExchangeKey, note: ExchangeNote): boolean {
    if ('requestId' in key && this.#open.has(key.requestId)) {
      this.#early.set(key.requestId, joined(this.#early.get(key.requestId) ?? {}, note))
      return true
    }
    const found = this.#find(key)
    if (found === undefined) return false
    this.#keep(noted({ ...found.exchange, revision: ++this.#revision }, note), found.papers)
    return true
  }

  /** Tells of every change from now on; returns what ends that. */
  listen(listener: () => void): () => void {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  /** Forgets all. */
  clear(): void {
    this.#entries.clear()
    this.#characters = 0
    this.#cleared = ++this.#revision
    this.#tell()
  }

  #keep(exchange: Exchange, papers: HookPapers): void {
    const { request = '', answer = '' } = papers
    const characters = JSON.stringify(exchange).length + request.length + answer.length
    const entry = this.#entries.get(exchange.id)
    this.#characters += characters - (entry?.characters ?? 0)
    if (entry === undefined) this.#entries.set(exchange.id, { exchange, papers, characters })
    else Object.assign(entry, { exchange, characters })
    this.#tell()
  }

  #tell(): void {
    for (const listener of this.#listeners) listener()
  }

  #forget(id: string): void {
    this.#characters -= this.#entries.get(id)?.characters ?? 0
    this.#entries.delete(id)
  }

  #find(key: ExchangeKey): Entry | undefined {
    if ('requestId' in key) return this.#entries.get(key.requestId)
    return [...this.#entries.values()].findLast(
      ({ exchange: { token } }) => token?.kind === 'signed' && token.claims['jti'] === key.tokenId,
    )
  }
}

function noted(exchange: Exchange, note: ExchangeNote): Exchange {
  const { agents = [], steps = [], policies = [], calls = [], subject } = joined(exchange, note)
  return { ...exchange, agents, steps, policies, calls, ...(subject === undefined ? {} : { subject }) }
}

function joined(known: ExchangeNote, further: ExchangeNote): ExchangeNote {
  const subject = known.subject ?? further.subject
  return {
    agents: union(known.agents, further.agents),
    steps: [...(known.steps ?? []), ...(further.steps ?? [])].slice(0, maxNotes),
    policies: union(known.policies, further.policies),
    // An API is called again and again with one token: the last calls tell most.
    calls: [...(known.calls ?? []), ...(further.calls ?? [])].slice(-maxNotes),
    ...(subject === undefined ? {} : { subject }),
  }
}

function union(known: readonly string[] = [], further: readonly string[] = []): readonly string[] {
  return [...new Set([...known, ...further])].slice(0, maxNotes)
}

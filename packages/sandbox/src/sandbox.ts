import { createEventHookCaller } from './event-hooks/caller.ts'
import type { ExchangeNote } from './exchanges/exchange.ts'
import { type ExchangeKey, ExchangeLog } from './exchanges/exchange-log.ts'
import { exchangeKey, exchangeNote } from './exchanges/note-shape.ts'
import { PolicyBoard, type PolicyInForce, policyInForce } from './exchanges/policy-in-force.ts'
import { ExchangeRecorder } from './exchanges/recorder.ts'
import type { Fault } from './faults/fault.ts'
import { type ActiveFault, Faults } from './faults/faults.ts'
import { faultyClock } from './faults/faulty-clock.ts'
import { faultyFetch } from './faults/faulty-fetch.ts'
import { clearFaults, injectFault } from './faults/inject-fault.ts'
import { listen } from './http/listening.ts'
import { RequestNotes } from './http/served-request.ts'
import { createHookCaller } from './inline-hook/hook-caller.ts'
import { createHookTokens } from './inline-hook/hook-tokens.ts'
import { createListener } from './listener.ts'
import type { LiveOrg } from './live-org.ts'
import { addGroup, addUser } from './options/add-people.ts'
import { createOrg } from './options/create-org.ts'
import {
  describeApp,
  describeHooks,
  describeServer,
  describeUser,
  type SandboxHook,
  type SandboxServer,
} from './options/sandbox-description.ts'
import type { AppOptions, GroupOptions, SandboxOptions, UserOptions } from './options/sandbox-options.ts'
import { optionsShape } from './options/shapes/options-shape.ts'
import { systemClock } from './org/clock.ts'
import type { JsonObject } from './org/json.ts'
import { exportState, importState, type OrgState } from './org/org-state.ts'
import type { SigningKeys } from './org/signing-keys.ts'
import type { SystemLog } from './org/system-log.ts'
import { createPage } from './page/page.ts'
import { performExchange } from './page/try-exchange.ts'
import { check } from './shape/check.ts'
import { jsonObject } from './shape/json-shape.ts'
import { flag, object, optional } from './shape/shape.ts'
import { requireUser } from './sign-in-choice.ts'
import { requestUserToken, type UserTokenOptions } from './user-token.ts'

/** A running org. */
export interface Sandbox extends AsyncDisposable {
  /** Where it is for everybody else, by default `http://127.0.0.1:<port>`; without a trailing slash. */
  readonly url: string
  /** With the option `tls` the certificate that clients must trust, as PEM: `ca`, `NODE_EXTRA_CA_CERTS`. */
  readonly caCertificate?: string
  /** Its authorization servers, as they are now. */
  readonly servers: readonly SandboxServer[]
  readonly users: readonly UserOptions[]
  readonly apps: readonly AppOptions[]
  /** Its inline hooks, as they are now. */
  readonly hooks: readonly SandboxHook[]
  /** What Okta's administrators would see. */
  readonly systemLog: Pick<SystemLog, 'events'>
  /**
   * Publishes the key that a server, by default the first one, will sign with next, and returns its `kid`.
   * @throws TypeError when the org has no such server
   */
  announceKey(serverId?: string): Promise<string>
  /**
   * Signs with the announced key from now on, or, by surprise, with a new one, and returns its `kid`. The server
   * is the first one by default. The old key stays published unless `withdrawOld` is set, which takes all off that
   * no longer sign.
   * @throws TypeError when the org has no such server
   */
  rotateKeys(serverId?: string, options?: { readonly withdrawOld?: boolean }): Promise<string>
  /**
   * Takes an old key of a server, by default the first one, off the keys endpoint, or all that no longer sign.
   * @throws TypeError when the org has no such server
   */
  withdrawKeys(serverId?: string, kid?: string): void
  /** The faults that are in force. */
  readonly faults: readonly ActiveFault[]
  /**
   * Makes something go wrong until it is cleared; returns the id to clear it by.
   * @throws TypeError when it is no fault, or names a server or client that the org does not have
   */
  injectFault(fault: Fault): Promise<string>
  /** Ends one fault, or all. */
  clearFaults(id?: string): void
  /**
   * Signs a user in, inline hooks included, and returns the access token.
   *
   * @throws TypeError when the options name what the org does not have; Error when the org refuses
   * @example
   * ```ts
   * import { createSandbox } from '@behalf/sandbox'
   *
   * const sandbox = await createSandbox()
   * const token = await sandbox.userToken({ login: 'alice@example.com' })
   * ```
   */
  userToken(options: UserTokenOptions): Promise<string>
  /**
   * Puts claims into the access token of a person's next sign-in, and of no other; they win over all others.
   * @throws TypeError when they are no JSON object, or the org has no such person
   */
  claimNext(login: string, claims: JsonObject): void
  /**
   * Adds a user, and the groups that the user is in and that the org does not have; returns the user.
   * @throws TypeError naming every fault, or when the login is taken
   */
  addUser(user: UserOptions): UserOptions
  /**
   * Adds a group without members and returns its id.
   * @throws TypeError naming every fault, or when the name is taken
   */
  addGroup(group: GroupOptions): string
  /**
   * Adds to an exchange what the org cannot see of it: steps and policies of the hook, what APIs made of the token. Who
   * runs them tells it; the page at `/` and `GET /api/behalf/exchanges` show it. It must hold no token and no secret.
   *
   * @returns whether there is such an exchange: the last 500 are kept
   * @throws TypeError naming every fault of the key or the note
   * @example
   * ```ts
   * import { createSandbox } from '@behalf/sandbox'
   *
   * const sandbox = await createSandbox()
   * sandbox.annotate({ requestId: 'req0123456789' }, { policies: ['orders-only'] })
   * ```
   */
  annotate(key: ExchangeKey, note: ExchangeNote): boolean
  /**
   * Shows on the page, and tells by `GET /api/behalf/policy` and the stream, what the hook decides by, in place of what was
   * told before. It must hold no secret.
   *
   * @throws TypeError naming every fault
   * @example
   * ```ts
   * import { createSandbox } from '@behalf/sandbox'
   *
   * const sandbox = await createSandbox()
   * sandbox.showPolicy({ policies: [{ id: 'orders-only', effect: 'permit', place: 'policies/orders.cedar:1' }] })
   * ```
   */
  showPolicy(policy: PolicyInForce): void
  /** Resolves when the event hooks that are to be told of what has happened were told, or could not be. */
  eventsTold(): Promise<void>
  /** Makes the org what it was when it started: what was changed, added, signed in or logged since is gone. */
  reset(): Promise<void>
  /** A copy of everything that the org is made of, as JSON; secrets and private keys included. */
  exportState(): OrgState
  /** Stops at once, open connections included. */
  close(): Promise<void>
}

const rotationShape = object({ withdrawOld: optional(flag) })

/**
 * Starts a local Okta org, over plain HTTP or TLS, for development and tests; resolves when it listens.
 *
 * It does not check passwords, and keeps everything in memory. Never expose it to a network.
 *
 * @throws TypeError naming every fault of the options; the error of `listen` when the port is taken
 * @example
 * ```ts
 * import { createSandbox } from '@behalf/sandbox'
 *
 * const sandbox = await createSandbox({
 *   hook: { uri: 'http://127.0.0.1:8080/inline-hook', secret: 'hook-secret-0123456789' },
 * })
 * console.log(sandbox.servers[0]?.issuer)
 * await sandbox.close()
 * ```
 */
export async function createSandbox(given: SandboxOptions = {}): Promise<Sandbox> {
  const options = check(optionsShape, given, 'the sandbox cannot start')
  const listening = await listen(options)
  const { close, caCertificate } = listening
  const org = await openOrg(options, listening.url).catch(async (error: unknown) => {
    await close()
    throw error
  })
  const initial = exportState(org)
  const userToken = (wanted: unknown): Promise<string> => requestUserToken(org, wanted, listening.fetch)
  const page = createPage(org, {
    signIn: (login) => userToken({ login }),
    exchange: async (wish) =>
      (await options.exchange?.(wish)) === true
        ? 'by the API that performs it, in its own way'
        : performExchange(org, wish, { own: listening.fetch, others: options.fetch ?? fetch }),
  })
  let listener = createListener(org, userToken, page)
  const { onRequest } = options
  listening.answer((request, response) => {
    if (onRequest !== undefined) org.notes.observe(response, onRequest)
    listener(request, response)
  })
  const keysOf = (serverId?: string): SigningKeys => {
    const [first] = org.authorizationServers.values()
    const found = serverId === undefined ? first : org.authorizationServers.get(serverId)
    if (found === undefined) throw new TypeError(`the org has no authorization server '${serverId ?? ''}'`)
    return found.keys
  }
  return {
    url: org.url,
    ...(caCertificate === undefined ? {} : { caCertificate }),
    get servers() {
      return [...org.authorizationServers.values()].map(describeServer)
    },
    get users() {
      return [...org.users.values()].map((user) => describeUser(org, user))
    },
    get apps() {
      return [...org.apps.values()].map(describeApp)
    },
    get hooks() {
      return describeHooks(org)
    },
    systemLog: org.systemLog,
    announceKey: (serverId) => keysOf(serverId).announce(),
    async rotateKeys(serverId, options = {}) {
      const { withdrawOld = false } = check(rotationShape, options, 'the keys cannot be rotated')
      const keys = keysOf(serverId)
      const kid = await keys.rotate()
      if (withdrawOld) keys.withdraw()
      return kid
    },
    withdrawKeys: (serverId, kid) => keysOf(serverId).withdraw(kid),
    get faults() {
      return org.faults.active
    },
    injectFault: (fault) => injectFault(org, fault),
    clearFaults: (id) => clearFaults(org, id),
    userToken,
    claimNext(login, claims) {
      const checked = check(jsonObject, claims, 'there can be no such claims')
      requireUser(org, login)
      org.claimsOfNext.set(login, checked)
    },
    addUser: (user) => describeUser(org, addUser(org, user)),
    addGroup: (group) => addGroup(org, group).id,
    eventsTold: () => org.eventHookCaller.settled(),
    async reset() {
      clearFaults(org)
      org.claimsOfNext.clear()
      org.hookTokens.clear()
      await importState(org, initial)
      org.exchanges.clear()
      // What it remembers of clients goes, too: codes, tokens of the management API, counted requests.
      listener = createListener(org, userToken, page)
    },
    annotate: (key, note) =>
      org.exchanges.annotate(
        check(exchangeKey, key, 'there is no such exchange'),
        check(exchangeNote, note, 'this is no note'),
      ),
    showPolicy: (policy) => org.policyBoard.show(check(policyInForce, policy, 'this is no policy to show')),
    exportState: () => exportState(org),
    close,
    [Symbol.asyncDispose]: close,
  }
}

async function openOrg(options: SandboxOptions, url: string): Promise<LiveOrg> {
  const call = options.fetch ?? fetch
  const faults = new Faults()
  const clock = faultyClock(options.clock ?? systemClock, faults)
  const org = await createOrg(options, url, clock)
  if (options.state !== undefined) await importState(org, options.state)
  const transport = {
    fetch: faultyFetch(call, faults),
    fetchToken: call,
    timeoutMs: options.hookTimeoutMs ?? 3000,
    clock,
    facts: org.facts,
    hookKeys: org.hookKeys,
  }
  const hookTokens = createHookTokens(transport)
  const hooks = createHookCaller(transport, hookTokens)
  const exchanges = new ExchangeLog(options.clock ?? systemClock)
  const eventHookCaller = createEventHookCaller(org, call)
  org.systemLog.listen((event) => eventHookCaller.tell(event))
  return {
    ...org,
    eventHookCaller,
    exchanges,
    policyBoard: new PolicyBoard(),
    recorder: new ExchangeRecorder({ clock, systemLog: org.systemLog, faults }, exchanges),
    faults,
    hookTokens,
    hooks,
    rateLimits: options.rateLimits ?? {},
    notes: new RequestNotes(),
    claimsOfNext: new Map(),
    claimsOfCode: new Map(),
  }
}

import * as v from 'valibot'
import type { Clock } from '../../org/clock.ts'
import { json } from '../../shape/json-shape.ts'
import {
  functionOf,
  list,
  object,
  openObject,
  optional,
  type Shape,
  text,
  textWhere,
  wholeNumber,
} from '../../shape/shape.ts'
import type { GroupOptions, SandboxOptions, UserOptions } from '../sandbox-options.ts'
import type { Seed } from '../seed.ts'
import { app } from './app-shape.ts'
import { facts } from './facts-shape.ts'
import { hook, hookKey, inlineHook } from './hook-shape.ts'
import { memberOf } from './member-of.ts'
import { contradictions } from './relations.ts'
import { authorizationServer } from './server-shape.ts'
import { orgState } from './state-shape.ts'
import { tls } from './tls-shape.ts'

/** A user of the options. */
export const user: Shape<UserOptions> = openObject(
  { id: optional(text), login: text, groups: optional(list(text)), amr: optional(list(text)) },
  json,
)

/** A group of the options. */
export const group: Shape<GroupOptions> = object({
  id: optional(text),
  name: text,
  description: optional(text),
})

const clock = v.custom<Clock>(
  (value) => typeof memberOf(value, 'now') === 'function',
  'expected an object with now()',
)

const origin = textWhere(
  (value) => URL.parse(value)?.origin === value,
  'expected an origin, such as http://localhost:3000',
)

const seedMembers = {
  port: optional(wholeNumber(0, 65_535)),
  host: optional(text),
  baseUrl: optional(
    textWhere(
      (value) => /^https?:/.test(value) && URL.parse(value)?.origin === value,
      'expected an http or https origin, such as http://okta.localhost:8090',
    ),
  ),
  tls: optional(tls),
  authorizationServers: optional(list(authorizationServer)),
  users: optional(list(user)),
  groups: optional(list(group)),
  apps: optional(list(app)),
  inlineHooks: optional(list(inlineHook)),
  hookKeys: optional(list(hookKey)),
  apiTokens: optional(list(text)),
  hook: optional(hook),
  trustedOrigins: optional(list(origin)),
  rateLimits: optional(
    object({
      token: optional(wholeNumber(1, 1_000_000)),
      management: optional(wholeNumber(1, 1_000_000)),
    }),
  ),
  facts: optional(facts),
  hookTimeoutMs: optional(wholeNumber(1, 60_000)),
}

/** What a seed may say. */
export const seedShape: Shape<Seed> = withRelations(object(seedMembers))

/** What `createSandbox` takes. */
export const optionsShape: Shape<SandboxOptions> = withRelations(
  object({
    ...seedMembers,
    state: optional(orgState),
    clock: optional(clock),
    onRequest: optional(functionOf<NonNullable<SandboxOptions['onRequest']>>()),
    exchange: optional(functionOf<NonNullable<SandboxOptions['exchange']>>()),
    fetch: optional(functionOf<typeof fetch>()),
  }),
)

function withRelations<T extends Seed>(shape: Shape<T>): Shape<T> {
  return v.pipe(
    shape,
    v.rawCheck(({ dataset, addIssue }) => {
      if (!dataset.typed) return
      for (const message of contradictions(dataset.value)) addIssue({ message })
    }),
  )
}

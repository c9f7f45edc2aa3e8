import type { Category } from './attack.ts'
import { actor } from './categories/actor.ts'
import { algorithm } from './categories/algorithm.ts'
import { api } from './categories/api.ts'
import { audience } from './categories/audience.ts'
import { bearer } from './categories/bearer.ts'
import { caller } from './categories/caller.ts'
import { control } from './categories/control.ts'
import { embeddedKey } from './categories/embedded-key.ts'
import { flow } from './categories/flow.ts'
import { framing } from './categories/framing.ts'
import { gateway } from './categories/gateway.ts'
import { grant } from './categories/grant.ts'
import { injection } from './categories/injection.ts'
import { issuer } from './categories/issuer.ts'
import { keyId } from './categories/key-id.ts'
import { log } from './categories/log.ts'
import { network } from './categories/network.ts'
import { presenter } from './categories/presenter.ts'
import { serialisation } from './categories/serialisation.ts'
import { signature } from './categories/signature.ts'
import { subject } from './categories/subject.ts'
import { time } from './categories/time.ts'
import { tokenKind } from './categories/token-kind.ts'
import { transport } from './categories/transport.ts'
import { url } from './categories/url.ts'

/** Every attack, by category, in the order of the threat model. */
export const catalogue: readonly Category[] = [
  control,
  signature,
  algorithm,
  embeddedKey,
  keyId,
  serialisation,
  issuer,
  audience,
  time,
  subject,
  tokenKind,
  actor,
  injection,
  presenter,
  flow,
  url,
  caller,
  bearer,
  transport,
  framing,
  gateway,
  network,
  grant,
  log,
  api,
]

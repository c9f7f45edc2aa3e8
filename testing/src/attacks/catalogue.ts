import type { Category } from './attack.ts'
import { actor } from './categories/actor.ts'
import { algorithm } from './categories/algorithm.ts'
import { api } from './categories/api.ts'
import { audience } from './categories/audience.ts'
import { audienceList } from './categories/audience-list.ts'
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
import { machine } from './categories/machine.ts'
import { memory } from './categories/memory.ts'
import { network } from './categories/network.ts'
import { origin } from './categories/origin.ts'
import { ownActor } from './categories/own-actor.ts'
import { presenter } from './categories/presenter.ts'
import { resource } from './categories/resource.ts'
import { revocation } from './categories/revocation.ts'
import { seal } from './categories/seal.ts'
import { seenToken } from './categories/seen-token.ts'
import { serialisation } from './categories/serialisation.ts'
import { sidecarCaller } from './categories/sidecar-caller.ts'
import { sidecarExchange } from './categories/sidecar-exchange.ts'
import { sidecarPassage } from './categories/sidecar-passage.ts'
import { signature } from './categories/signature.ts'
import { stockVerifier } from './categories/stock-verifier.ts'
import { subject } from './categories/subject.ts'
import { time } from './categories/time.ts'
import { tokenKind } from './categories/token-kind.ts'
import { transport } from './categories/transport.ts'
import { twoIssuers } from './categories/two-issuers.ts'
import { url } from './categories/url.ts'
import { withdrawnKey } from './categories/withdrawn-key.ts'

/** Every attack, by category, in the order of the threat model. */
export const catalogue: readonly Category[] = [
  control,
  signature,
  seenToken,
  withdrawnKey,
  memory,
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
  twoIssuers,
  origin,
  ownActor,
  audienceList,
  machine,
  resource,
  stockVerifier,
  seal,
  sidecarCaller,
  sidecarExchange,
  sidecarPassage,
  revocation,
]

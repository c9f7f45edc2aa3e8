export type {
  Actor,
  AnyFetch,
  BehalfErrorOptions,
  Clock,
  DocumentResponse,
  ErrorClass,
  ErrorCode,
  FetchedResponse,
  Json,
  JsonObject,
  Needs,
  SentRequest,
  SignatureAlgorithm,
  Telemetry,
} from '@behalf/core'
export { BehalfError } from '@behalf/core'
export type { ClientAuth, RegisteredClient, TokenServer } from './authentication/client-auth.ts'
export { clientSecretBasic, clientSecretPost } from './authentication/client-secret.ts'
export type { PlatformKey, PrivateJwk, PrivateKeyOptions } from './authentication/private-key.ts'
export { type PrivateKeyJwtOptions, privateKeyJwt } from './authentication/private-key-jwt.ts'
export type { PublicSignatureJwk, Signer } from './authentication/signer.ts'
export type { SigningKeyOptions } from './authentication/signing-key.ts'
export type { TokenStore } from './cache/shared-store.ts'
export { type Client, createClient } from './client.ts'
export type { DelegatedAccessToken, DelegatedAccessTokenFields } from './delegated-access-token.ts'
export type { AssertionSource } from './exchange/assertion-source.ts'
export type { CacheStatistics, TokenRequest } from './exchange/token-acquisition.ts'
export { ExchangeError, type ExchangeErrorOptions } from './exchange-error.ts'
export type { DelegatedFetch, DelegatedFetchOptions } from './fetch/delegated-fetch.ts'
export type { CacheOptions, ClientOptions } from './options/options.ts'
export type { PublicJwk, SealOptions } from './sealing/seal-options.ts'
export type { ClientWarning, OnWarning } from './warning.ts'

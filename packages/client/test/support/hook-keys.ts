import { generateKeyPairSync, type KeyObject } from 'node:crypto'
import type { ServerResponse } from 'node:http'
import { type LoopbackServer, type LooseObject, listen } from '@behalf/testing'
import { compactDecrypt } from 'jose'
import { onTestFinished } from 'vitest'
import { reply } from './authorization-server.ts'

/** What a seal turned out to hold. */
export interface OpenedSeal {
  readonly header: LooseObject
  readonly payload: LooseObject
}

/** The hook's side of seals: the public keys that it publishes, and the private ones that open. */
export class HookKeys {
  readonly #server: LoopbackServer
  readonly #private = new Map<string, KeyObject>()
  readonly jwksUri: string
  /** The set that is published. */
  published: unknown[] = []
  requests = 0
  /** What the next requests for the set get, one each. */
  readonly nextAnswers: ((response: ServerResponse) => void)[] = []

  private constructor(server: LoopbackServer) {
    this.#server = server
    this.jwksUri = `${server.origin}/.well-known/jwks.json`
    server.server.on('request', (_, response) => {
      this.requests++
      const answer = this.nextAnswers.shift()
      if (answer === undefined) reply(response, 200, { keys: this.published })
      else answer(response)
    })
  }

  /** Serves the keys `kids` until the test ends. */
  static async start(...kids: readonly string[]): Promise<HookKeys> {
    const keys = new HookKeys(await listen(() => undefined))
    onTestFinished(() => keys.close())
    keys.published = kids.map((kid) => keys.make(kid))
    return keys
  }

  /** Makes a pair and keeps the private half; returns the public one. */
  make(kid: string): LooseObject {
    const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
    this.#private.set(kid, privateKey)
    return { ...publicKey.export({ format: 'jwk' }), kid, use: 'enc', alg: 'ECDH-ES' }
  }

  /** Opens a seal with the key that its header names. */
  async open(sealed: string): Promise<OpenedSeal> {
    const { plaintext, protectedHeader } = await compactDecrypt(sealed, ({ kid = '' }) => {
      const key = this.#private.get(kid)
      if (key === undefined) throw new Error('sealed for a key that nobody has')
      return key
    })
    return { header: { ...protectedHeader }, payload: JSON.parse(new TextDecoder().decode(plaintext)) }
  }

  async close(): Promise<void> {
    await this.#server.close()
  }
}

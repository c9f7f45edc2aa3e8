import type { Access } from '../access/access.ts'

/** What each request may do, for as long as the request lives. */
export class VerifiedRequests<A extends Access> {
  readonly #access = new WeakMap<object, A>()

  set(request: object, access: A): void {
    this.#access.set(request, access)
  }

  /** @throws Error - when the guard did not let this request through, which is a fault of the routes */
  get(request: object): A {
    const access = this.#access.get(request)
    if (access === undefined)
      throw new Error('this guard did not run before; put the guard of requireAccess in front of the handler')
    return access
  }
}

// What the tests use of libraries that only `tools/runtimes/install.ts` installs, so that they type-check without them.

declare module '@azure/functions' {
  /** Made by the library of what Azure's host sends over RPC. */
  export class HttpRequest extends Request {
    constructor(rpc: {
      readonly method: string
      readonly url: string
      readonly headers: Readonly<Record<string, string>>
      readonly body?: { readonly bytes: Uint8Array }
    })
  }
  /** Made by the library of what a function returns. */
  export class HttpResponse extends Response {
    constructor(init: {
      readonly status: number
      readonly headers: Record<string, string>
      readonly body: string
    })
  }
}

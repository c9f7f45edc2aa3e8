import type { DocumentFetch, DocumentResponse } from '@behalf/core'

/**
 * Gets documents with Node's own HTTP client. On Lambda it stands in for `fetch`, which loads another client
 * for longer than all the rest of a cold start takes. It follows no redirects and asks for no compression.
 */
export const nodeHttpFetch: DocumentFetch = (url, { signal, headers }) => {
  // An import of node:http evaluates everything in it, which includes that other client.
  const { request } = process.getBuiltinModule(
    new URL(url).protocol === 'https:' ? 'node:https' : 'node:http',
  )
  return new Promise((resolve, reject) => {
    request(url, { signal, headers }, (message) => {
      // Between the answer and its end the connection can still break; reading says so.
      message.on('error', () => undefined)
      resolve({ status: message.statusCode ?? 0, body: readable(message) })
    })
      .on('error', reject)
      .end()
  })
}

type Incoming = AsyncIterable<Uint8Array> & { destroy(): unknown }

function readable(message: Incoming): DocumentResponse['body'] {
  const cancel = async (): Promise<void> => {
    message.destroy()
  }
  return {
    getReader() {
      const chunks = message[Symbol.asyncIterator]()
      return {
        async read() {
          const { done = false, value } = await chunks.next()
          return done ? { done } : { done, value }
        },
        cancel,
      }
    },
    cancel,
  }
}
